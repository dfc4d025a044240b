export { getLambdaContext, getLambdaEvent } from './current-invocation';
export type { LambdaContext, LambdaHandler } from './lambda-context';
export { type LambdaHandlerOptions, makeLambdaHandler } from './make-lambda-handler';
