import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';

/** The metrics that AWS has of the requests through one front door. Those of a Function URL, an API and a load balancer differ in names only. */
export interface IFrontDoorMetrics {
  /**
   * The number of requests.
   *
   * @default - the sum over 5 minutes
   */
  metricRequests(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The number of responses with a 4xx status.
   *
   * @default - the sum over 5 minutes
   */
  metric4xx(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The number of responses with a 5xx status.
   *
   * @default - the sum over 5 minutes
   */
  metric5xx(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * How long the requests take: in milliseconds, for a load balancer in seconds.
   *
   * @default - the average over 5 minutes
   */
  metricLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}

/** What an API of the CDK has. Those of HTTP APIs and of the stages of REST APIs have the same names. */
export interface MetricsOfApi {
  metricCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
  metricClientError(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
  metricServerError(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
  metricLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
export function metricsOfApi(api: MetricsOfApi): IFrontDoorMetrics {
  return {
    // The CDK counts samples, of which there is one for each request, but an alarm reads better with the sum.
    metricRequests: options => api.metricCount({ statistic: cloudwatch.Stats.SUM, ...options }),
    metric4xx: options => api.metricClientError(options),
    metric5xx: options => api.metricServerError(options),
    metricLatency: options => api.metricLatency(options),
  };
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
export function metricsOfTargetGroup({ metrics }: elbv2.ApplicationTargetGroup): IFrontDoorMetrics {
  return {
    metricRequests: options => metrics.requestCount(options),
    metric4xx: options => metrics.httpCodeTarget(elbv2.HttpCodeTarget.TARGET_4XX_COUNT, options),
    metric5xx: options => metrics.httpCodeTarget(elbv2.HttpCodeTarget.TARGET_5XX_COUNT, options),
    metricLatency: options => metrics.targetResponseTime(options),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html#urls-cloudwatch */
export function metricsOfFunctionUrl(handler: lambda.IFunction): IFrontDoorMetrics {
  const { version, aliasName } = handler as Partial<lambda.IAlias>;
  const functionName = version?.lambda.functionName ?? handler.functionName;
  const metric = (metricName: string, statistic: string) => (options?: cloudwatch.MetricOptions) => new cloudwatch.Metric({
    namespace: 'AWS/Lambda',
    metricName,
    statistic,
    dimensionsMap: { FunctionName: functionName, ...aliasName !== undefined && { Resource: `${functionName}:${aliasName}` } },
    ...options,
  }).attachTo(handler);
  return {
    metricRequests: metric('UrlRequestCount', cloudwatch.Stats.SUM),
    metric4xx: metric('Url4xxCount', cloudwatch.Stats.SUM),
    metric5xx: metric('Url5xxCount', cloudwatch.Stats.SUM),
    metricLatency: metric('UrlRequestLatency', cloudwatch.Stats.AVERAGE),
  };
}
