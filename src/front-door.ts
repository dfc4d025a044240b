import { Construct } from 'constructs';
import { AlbFrontDoor } from './front-doors/alb';
import { AlbOptions } from './front-doors/alb-options';
import { FunctionUrlFrontDoor, FunctionUrlOptions } from './front-doors/function-url';
import { HttpApiFrontDoor } from './front-doors/http-api';
import { HttpApiOptions } from './front-doors/http-api-options';
import { FRONT_DOOR_NAMES, FrontDoorName, IFrontDoor } from './front-doors/i-front-door';
import { RestApiFrontDoor } from './front-doors/rest-api';
import { RestApiOptions } from './front-doors/rest-api-options';

/**
 * The built-in front doors: AWS services that invoke the function for each HTTP request.
 *
 * You can also write your own: any object with the `bind` method of `IFrontDoor` is a front door.
 */
export abstract class FrontDoor {
  /**
   * A Lambda Function URL. It costs nothing extra, can stream responses, and waits as long as the function runs. It cannot have your own
   * domain name.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
   */
  public static functionUrl(options: FunctionUrlOptions = {}): IFrontDoor {
    return new FunctionUrlFrontDoor(options);
  }

  /**
   * An API Gateway HTTP API with one `$default` route. You pay per request, and it waits at most 30 seconds for the app.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
   */
  public static httpApi(options: HttpApiOptions = {}): IFrontDoor {
    return new HttpApiFrontDoor(options);
  }

  /**
   * A regional API Gateway REST API that sends every path and method to the app. It has the most features and the highest price per
   * request, and can stream responses. It waits 29 seconds for the app, and 15 minutes if responses are streamed.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-rest-api.html
   */
  public static restApi(options: RestApiOptions = {}): IFrontDoor {
    return new RestApiFrontDoor(options);
  }

  /**
   * An Application Load Balancer with a Lambda target. You pay per hour. Bodies can be 1 MB at most, and it can be internal to a VPC.
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
   */
  public static alb(options: AlbOptions = {}): IFrontDoor {
    return new AlbFrontDoor(options);
  }

  private constructor() {}
}

const WITH_DEFAULTS: Record<FrontDoorName, () => IFrontDoor> = {
  'function-url': () => FrontDoor.functionUrl(),
  'http-api': () => FrontDoor.httpApi(),
  'rest-api': () => FrontDoor.restApi(),
  'alb': () => FrontDoor.alb(),
};

/** Turns the `frontDoor` property into a front door. A short name means that front door with its default options. */
export function frontDoorOf(scope: Construct, frontDoor: FrontDoorName | IFrontDoor): IFrontDoor {
  // Not with `instanceof`: it is false for objects of another copy of this library.
  if (typeof frontDoor !== 'string') return frontDoor;
  if (!FRONT_DOOR_NAMES.includes(frontDoor)) {
    throw new Error(`${scope.node.path}: frontDoor must be one of ${FRONT_DOOR_NAMES.join(', ')} or a FrontDoor, got ${JSON.stringify(frontDoor)}`);
  }
  return WITH_DEFAULTS[frontDoor]();
}
