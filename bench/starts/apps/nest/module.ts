import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';

@Controller()
class Hello {
  @Get()
  public hello(): object {
    return { hello: 'world' };
  }
}

@Module({ controllers: [Hello] })
export class AppModule {}
