import { Injectable } from '@nestjs/common';

/** Notes in memory: each environment of the function has its own, for as long as it lives. Keep yours in a database. */
@Injectable()
export class NotesService {
  private readonly notes: { by: string; text: string }[] = [];

  public list(): { by: string; text: string }[] {
    return this.notes;
  }

  public add(by: string, text: string): { by: string; text: string } {
    const note = { by, text };
    this.notes.push(note);
    return note;
  }
}
