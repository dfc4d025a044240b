// Jest's setupFiles. Most tests that synthesize a CDK app look at its template alone. The stack trace of each resource and the
// validator of templates, which takes seconds in each process, are a third of their time.
process.env.CDK_DISABLE_STACK_TRACE ??= '1';
process.env.CDK_VALIDATION ??= 'false';
