import * as cdk from 'aws-cdk-lib';
import { WrappedWebApp } from '../src';
import { entry } from './app/entry';

export const app = new cdk.App();
const stack = new cdk.Stack(app, 'integ-alb');
new WrappedWebApp(stack, 'Web', { entry, frontDoor: 'alb', environment: { RELEASE: process.env.RELEASE ?? '1' } });
