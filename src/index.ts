export { AppSource } from './app-source';
export { AppSourceBindOptions, AppSourceConfig } from './app-sources/app-source-config';
export { ICommandHooks } from './bundling/command-hooks';
export { NodeAppOptions } from './bundling/node/node-app-options';
export { PythonAppOptions } from './bundling/python/python-app-options';
export { ServerAppOptions } from './bundling/server/server-app-options';
export { WebAppCommand, WebAppCommandProps } from './commands/web-app-command';
export { FrontDoor } from './front-door';
export { AlbOptions } from './front-doors/alb-options';
export { CloudFrontDoor } from './cloudfront/cloudfront-door';
export { CloudFrontDoorOptions } from './cloudfront/cloudfront-door-options';
export { StaticFiles } from './cloudfront/static-files-options';
export { FrontDoorDomain } from './front-doors/domain';
export { IFrontDoorMetrics } from './front-doors/front-door-metrics';
export { FunctionUrlOptions } from './front-doors/function-url';
export { HttpApiOptions } from './front-doors/http-api-options';
export {
  FrontDoorBindOptions,
  FrontDoorConfig,
  FrontDoorName,
  FrontDoorResponseMode,
  IFrontDoor,
} from './front-doors/i-front-door';
export { PublicUrlOptions } from './front-doors/public-url';
export { RestApiOptions } from './front-doors/rest-api-options';
export { RuntimeOptions, UncaughtExceptionBehavior } from './runtime-options';
export { WrappedWebApp, WrappedWebAppProps } from './wrapped-web-app';
