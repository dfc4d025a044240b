export { getLambdaContext, getLambdaEvent } from './current-invocation';
export type { LambdaContext } from './lambda-context';
export type { LambdaHandler } from './lambda-handler';
export { type LambdaHandlerOptions, makeLambdaHandler } from './make-lambda-handler';
