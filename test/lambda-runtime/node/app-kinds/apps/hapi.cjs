module.exports = require('./hapi-site.cjs').site();
