import { Agent, IncomingMessage, request as requestOfNode } from 'node:http';
import { workDone } from './background-work';
import type { Invocation } from './invocation';
import { LambdaContext, LambdaHandler } from './lambda-context';
import { log } from './log';
import { isNeverFrozen } from './never-frozen';
import { Settings } from '../settings/settings';

const VERSION = '/2020-01-01/extension';

/** As it is before the app's module is loaded: what a tracing library puts in its place would take each wait for an event for a request of the app. */
const request = requestOfNode;

/**
 * Keeps the environment from being frozen while a request has work after its answer.
 *
 * Lambda freezes an environment when its runtime and all of its extensions have asked for their next event. The runtime client does
 * so right after a buffered answer; this internal extension, in the same process, only when the work is done.
 *
 * Managed Instances are never frozen, and take no internal extension. Streamed responses need none: their handlers end with the work.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
 */
export class BackgroundExtension {
  /** Whether the function has one. */
  public static isNeeded({ backgroundWork, responseStreaming }: Settings): boolean {
    return backgroundWork === true && !responseStreaming && process.env.AWS_LAMBDA_RUNTIME_API !== undefined && !isNeverFrozen();
  }

  /** Resolves when it is registered, which only the init phase allows, and has asked for its first event. */
  public readonly ready: Promise<void>;
  private isRegistered = false;
  private id = '';
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private readonly invocations = new Map<string, Invocation>();
  /** What goes on when an invocation has ended. */
  private readonly waiting = new Map<string, () => void>();
  /** Those that had ended before the extension got to know of them. */
  private readonly over = new Set<string>();

  constructor(private readonly api = process.env.AWS_LAMBDA_RUNTIME_API!) {
    this.ready = this.register().catch((error: unknown) => {
      log('error', 'backgroundWork: the extension could not be registered, so clients wait until work after the answer is done; '
        + 'with makeLambdaHandler use responseStreaming, or WrappedWebApp', {}, error);
    });
  }

  /** Work of the invocation does not keep its answer back. */
  public watch(invocation: Invocation): void {
    if (this.isRegistered && invocation.context?.awsRequestId !== undefined) {
      invocation.outlivesAnswer = true;
      this.invocations.set(invocation.context.awsRequestId, invocation);
    }
  }

  /** Whatever the handler does with an event, it ends. */
  public wrap(handler: LambdaHandler): LambdaHandler {
    return (event: unknown, context?: LambdaContext) => {
      const result = handler(event, context);
      if (this.isRegistered && context?.awsRequestId !== undefined) {
        const end = () => this.answered(context.awsRequestId);
        result.then(end, end);
      }
      return result;
    };
  }

  private async answered(requestId: string): Promise<void> {
    const invocation = this.invocations.get(requestId);
    this.invocations.delete(requestId);
    if (invocation?.work !== undefined) {
      await workDone(invocation);
    } else if (invocation !== undefined) {
      invocation.ended = true;
    }
    const goOn = this.waiting.get(requestId);
    if (goOn === undefined) {
      this.over.add(requestId);
    } else {
      this.waiting.delete(requestId);
      goOn();
    }
  }

  private async register(): Promise<void> {
    const body = JSON.stringify({ events: ['INVOKE'] });
    const { response } = await this.send('POST', '/register', { 'lambda-extension-name': 'wrapped-web-app', 'content-type': 'application/json' }, body);
    this.id = response.headers['lambda-extension-identifier'] as string;
    this.isRegistered = true;
    void this.follow();
  }

  private async follow(): Promise<void> {
    try {
      for (;;) {
        const { text } = await this.send('GET', '/event/next', { 'lambda-extension-identifier': this.id });
        const { eventType, requestId } = JSON.parse(text) as { eventType: string; requestId: string };
        if (eventType === 'INVOKE' && !this.over.delete(requestId)) {
          await new Promise<void>((resolve) => this.waiting.set(requestId, resolve));
        }
      }
    } catch (error) {
      // From now on answers are kept back.
      this.isRegistered = false;
      log('error', 'backgroundWork: the extension has lost its connection to Lambda, so clients wait until work after the answer is done', {}, error);
    }
  }

  private send(method: string, path: string, headers: Record<string, string>, body?: string): Promise<{ response: IncomingMessage; text: string }> {
    return new Promise((resolve, reject) => {
      const outgoing = request(`http://${this.api}${VERSION}${path}`, { method, headers, agent: this.agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        }).on('error', reject).on('end', () => {
          if (response.statusCode === 200) {
            resolve({ response, text });
          } else {
            reject(new Error(`Lambda answered ${response.statusCode} to ${VERSION}${path}: ${text}`));
          }
        });
      });
      outgoing.on('error', reject).end(body);
    });
  }
}
