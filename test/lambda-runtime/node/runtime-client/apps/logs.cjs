// Logs as apps do, and hears bodies and headers that no log of the runtime's own may show.
module.exports = (req, res) => {
  console.info('the app was asked');
  if (req.url.startsWith('/secret')) {
    throw new Error('it failed');
  }
  res.end('ok');
};
