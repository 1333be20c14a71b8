import { clock, dayAndTime, titleOf } from '../format.js';

/** The transcript as plain text, for reading outside the console. */
export function transcriptText(recording, utterances) {
  const head = [titleOf(recording), dayAndTime(recording.startedAt), recording.department, recording.client].filter(Boolean);
  const lines = utterances.filter((u) => !u.partial).map((u) => `[${clock(u.startMs)}] ${u.participant}: ${u.text}`);
  return `${head.join('\n')}\n\n${lines.join('\n')}\n`;
}
