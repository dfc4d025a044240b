module.exports = require('./express-site.cjs').site(require('express'));
