require('./hapi-site.cjs').site({ port: Number(process.env.PORT || 3000), host: '0.0.0.0' }).start();
