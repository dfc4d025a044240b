module.exports = require('./site.cjs').listener;
