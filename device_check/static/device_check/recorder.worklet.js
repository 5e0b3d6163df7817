// Hands the sound of the microphone over as it comes.

class Recorder extends AudioWorkletProcessor {
  process([input]) {
    if (input[0]) {
      this.port.postMessage(input[0].slice());
    }
    return true;
  }
}

registerProcessor("device-check-recorder", Recorder);
