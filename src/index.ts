export { AppSource, AppSourceBindOptions, AppSourceConfig } from './app-source';
export { NodeAppOptions } from './bundling/node-app-options';
export { PythonAppOptions } from './bundling/python-app-options';
export {
  FrontDoor,
  FrontDoorBindOptions,
  FrontDoorConfig,
  FrontDoorName,
  FrontDoorResponseMode,
  IFrontDoor,
} from './front-door';
export { AlbOptions } from './front-doors/alb';
export { FrontDoorDomain } from './front-doors/domain';
export { FunctionUrlOptions } from './front-doors/function-url';
export { HttpApiOptions } from './front-doors/http-api';
export { RestApiOptions } from './front-doors/rest-api';
export { RuntimeOptions, UncaughtExceptionBehavior } from './runtime-options';
export { WrappedWebApp, WrappedWebAppProps } from './wrapped-web-app';
