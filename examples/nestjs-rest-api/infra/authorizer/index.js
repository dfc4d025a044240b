/** Lets in whoever has a token of the form `user:<name>`. Verify real tokens here. */
exports.handler = async ({ authorizationToken, methodArn }) => {
  const [, name] = /^Bearer user:(\w+)$/.exec(authorizationToken) ?? [];
  if (!name) throw new Error('Unauthorized'); // API Gateway makes 401 of this very message
  const [arn, stage] = methodArn.split('/');
  return {
    principalId: name,
    policyDocument: {
      Version: '2012-10-17',
      // All methods of the stage: API Gateway keeps the policy of a token for some minutes.
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: `${arn}/${stage}/*` }],
    },
  };
};
