import express from 'express';
import { site } from './express-site.cjs';

export default site(express);
