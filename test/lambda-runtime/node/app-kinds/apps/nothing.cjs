exports.config = { port: 3000 };
