import 'reflect-metadata';
import { Body, Controller, Get, Header, Headers, HttpCode, Injectable, Ip, Module, Post, Query, RawBody, Redirect, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Response } from 'express';

@Injectable()
class Greeter {
  public greet(name: string): string {
    return `hello ${name}`;
  }
}

@Controller()
class SiteController {
  /** Injected by parameter type, which needs emitDecoratorMetadata. */
  constructor(private readonly greeter: Greeter) {}

  @Get('json')
  public json(@Query() query: object): object {
    return { query, greeting: this.greeter.greet('nest') };
  }

  @Get('cookies')
  public cookies(@Headers('cookie') cookie: string, @Res({ passthrough: true }) res: Response): string {
    res.cookie('a', '1').cookie('b', '2', { httpOnly: true });
    return `cookie: ${cookie}`;
  }

  @Get('repeated')
  public repeated(@Headers('x-one') one: string, @Res({ passthrough: true }) res: Response): string {
    res.set('x-multi', ['one', 'two']);
    return `x-one: ${one}`;
  }

  @Get('client')
  public client(@Ip() ip: string, @Headers('host') host: string): object {
    return { ip: ip.replace('::ffff:', ''), host };
  }

  @Get('large')
  public large(): string {
    return '0123456789'.repeat(20_000);
  }

  @Get('redirect')
  @Redirect('/json', 302)
  public redirect(): void {
    // The decorator redirects.
  }

  @Get('error')
  public error(): void {
    throw new Error('sync');
  }

  @Get('async-error')
  public async asyncError(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 5));
    throw new Error('async');
  }

  @Post('form')
  @HttpCode(201)
  public form(@Body() body: object): object {
    return body;
  }

  @Post('upload')
  @Header('content-type', 'application/octet-stream')
  public upload(@RawBody() body: Buffer, @Res() res: Response): void {
    res.send(body);
  }
}

@Module({ controllers: [SiteController], providers: [Greeter] })
class SiteModule {}

export async function site(): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(SiteModule, { logger: false, rawBody: true });
  app.useBodyParser('raw', { type: 'application/octet-stream' });
  return app;
}
