export { waitUntil } from './invocations/wait-until';
export { getLambdaContext, getLambdaEvent } from './invocations/get-lambda-event';
export type { LambdaContext, LambdaHandler } from './invocations/lambda-context';
export { type LambdaHandlerOptions, makeLambdaHandler } from './make-lambda-handler';
