async (address) => {
  const video = document.createElement('video')
  const failed = new Promise((_, no) =>
    video.addEventListener('error', () => no(new Error(`${video.error.code} ${video.error.message}`))))
  const tooLate = (what) => new Promise((_, no) => setTimeout(() => no(new Error(`no ${what} in 20 s`)), 20000))
  const event = (what) =>
    Promise.race([new Promise((yes) => video.addEventListener(what, yes, { once: true })), failed, tooLate(what)])
  const playedUntil = async (seconds) => {
    while (video.currentTime < seconds && !video.ended) await event('timeupdate')
  }
  const result = { error: '' }
  try {
    video.muted = true // a machine without a loudspeaker
    document.body.append(video)
    const ready = event('canplay')
    video.src = address
    await ready
    result.durationMs = video.duration * 1000
    result.width = video.videoWidth
    await video.play()
    const from = video.currentTime
    await playedUntil(from + 0.5)
    result.playedMs = (video.currentTime - from) * 1000
    const middle = event('seeked')
    video.currentTime = video.duration / 2
    await middle
    const there = video.currentTime
    result.soughtMs = there * 1000
    await playedUntil(there + 0.3)
    result.playedFromThereMs = (video.currentTime - there) * 1000
    const over = event('ended')
    video.currentTime = video.duration - 0.5
    await over
    result.ended = video.ended
    result.pictures = video.getVideoPlaybackQuality().totalVideoFrames
  } catch (e) {
    result.error = e.message
  }
  video.remove()
  return result
}
