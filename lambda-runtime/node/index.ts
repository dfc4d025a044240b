export { getLambdaContext, getLambdaEvent } from './invocations/current-invocation';
export type { LambdaContext, LambdaHandler } from './invocations/lambda-context';
export { type LambdaHandlerOptions, makeLambdaHandler } from './lambda-handler';
