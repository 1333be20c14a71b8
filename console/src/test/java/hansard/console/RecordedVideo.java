package hansard.console;

import com.microsoft.playwright.Page;
import java.util.Base64;

/** Four seconds of a moving square as WebM, recorded by the browser itself. */
final class RecordedVideo {
    private RecordedVideo() {}

    static byte[] bytes(Page page) {
        String base64 = (String) page.evaluate("""
                async () => {
                  const canvas = document.createElement('canvas');
                  canvas.width = 320; canvas.height = 240;
                  const pen = canvas.getContext('2d');
                  const recorder = new MediaRecorder(canvas.captureStream(15), { mimeType: 'video/webm;codecs=vp8' });
                  const parts = [];
                  recorder.ondataavailable = (e) => parts.push(e.data);
                  const done = new Promise((resolve) => (recorder.onstop = resolve));
                  recorder.start();
                  const begun = performance.now();
                  await new Promise((resolve) => {
                    const draw = () => {
                      const t = performance.now() - begun;
                      pen.fillStyle = '#314a6e'; pen.fillRect(0, 0, 320, 240);
                      pen.fillStyle = '#e7b04a'; pen.fillRect(t / 20, 90, 60, 60);
                      if (t < 4000) requestAnimationFrame(draw); else resolve();
                    };
                    draw();
                  });
                  recorder.stop();
                  await done;
                  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
                  let text = '';
                  for (const b of bytes) text += String.fromCharCode(b);
                  return btoa(text);
                }""");
        return Base64.getDecoder().decode(base64);
    }
}
