import { Body, Controller, Get, Post } from '@nestjs/common';
import { getLambdaEvent } from 'cdk-wrapped-web-app/lambda-runtime/node';
import { NotesService } from './notes.service.js';

@Controller('notes')
export class NotesController {
  public constructor(private readonly notes: NotesService) {}

  @Get()
  public list(): { by: string; text: string }[] {
    return this.notes.list();
  }

  @Post()
  public add(@Body('text') text: string): { by: string; text: string } {
    return this.notes.add(findUser(), text);
  }
}

/** Whom the authorizer of the REST API has let in. On a plain server, and where no authorizer runs, nobody is known. */
function findUser(): string {
  const event = getLambdaEvent<{ requestContext: { authorizer?: { principalId?: string } } }>();
  return event?.requestContext.authorizer?.principalId ?? 'somebody';
}
