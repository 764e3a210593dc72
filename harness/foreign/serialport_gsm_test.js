// serialport-gsm initialises a modem, asks it what a gateway for short messages would ask, and
// publishes: serialport_gsm_test.js DIALECT TERMINAL BROKER_PORT
'use strict';

const assert = require('assert');
const gsm = require('serialport-gsm');

const [dialect, terminal, port] = process.argv.slice(2);
const PATIENCE_MS = 20000;
const payload = 'sent by serialport-gsm';

// A command, what its data are, and the line that ends it where that is not OK.
const sessions = {
  'quectel-bg96': [
    {command: `AT+QMTOPEN=0,"broker.example",${port}`, result: '+QMTOPEN: 0,0'},
    {command: 'AT+QMTCONN=0,"serialport-gsm"', result: '+QMTCONN: 0,0,0'},
    {command: 'AT+QMTPUB=0,1,1,0,"npm/bg96"', data: payload + '\x1a', result: '+QMTPUB: 0,1,0'},
    {command: 'AT+QMTDISC=0', result: '+QMTDISC: 0,0'},
  ],
  'simcom-sim7672x': [
    {command: 'AT+CMQTTSTART', result: '+CMQTTSTART: 0'},
    {command: 'AT+CMQTTACCQ=0,"serialport-gsm"'},
    {command: `AT+CMQTTCONNECT=0,"tcp://broker.example:${port}",60,1`, result: '+CMQTTCONNECT: 0,0'},
    {command: 'AT+CMQTTTOPIC=0,7', data: 'npm/sim'},
    {command: `AT+CMQTTPAYLOAD=0,${payload.length}`, data: payload},
    {command: 'AT+CMQTTPUB=0,1,60', result: '+CMQTTPUB: 0,0'},
    {command: 'AT+CMQTTDISC=0,60', result: '+CMQTTDISC: 0,0'},
  ],
};
sessions['fibocom-v1.2.6'] = sessions['fibocom-v1.3'] = [
  {command: 'AT+MQTTUSER=1,"tester","secret","serialport-gsm"'},
  {command: `AT+MQTTOPEN=1,"broker.example",${port},1,60`, result: '+MQTTOPEN: 1,1'},
  {command: `AT+MQTTPUB=1,"npm/fibocom",1,0,"${payload}"`, result: '+MQTTPUB: 1,1'},
  {command: 'AT+MQTTCLOSE=1'},
];

const modem = gsm.Modem();
const seen = [];    // every line of the modem
let waiting = null; // for a line

modem.addListener({
  match: () => true,
  process: (line) => {
    seen.push(line);
    if (waiting && line.trim() === waiting.line) waiting.done();
  },
});

// The library knows no prompts: its callback comes with the OK behind the data.
async function say({command, data, result}) {
  const came = result ? new Promise((done) => { waiting = {line: result, done}; }) : null;
  let prompted = null;
  if (data) {
    prompted = (bytes) => {
      if (!bytes.toString().includes('>')) return;
      modem.port.removeListener('data', prompted);
      modem.port.write(data);
    };
    modem.port.on('data', prompted);
  }
  const answer = await modem.executeCommand(command);
  assert.strictEqual(answer.status, 'success', `${command}: ${JSON.stringify(answer)}`);
  await came;
  waiting = null;
}

async function session() {
  const opened = await modem.open(terminal, {
    baudRate: 115200, dataBits: 8, parity: 'none', stopBits: 1, incomingCallIndication: true,
  });
  assert.strictEqual(opened.data.status, 'Online');
  const initialised = await modem.initializeModem();
  assert.deepStrictEqual([initialised.status, initialised.request], ['success', 'modemInitialized']);
  const serial = await modem.getModemSerial();
  assert.strictEqual(serial.data.modemSerial, '004999010640422');
  const signal = await modem.getNetworkSignal();
  assert.ok(Number(signal.data.signalQuality) > 0 && Number(signal.data.signalQuality) < 32);
  const memory = await modem.checkSimMemory();
  assert.deepStrictEqual(memory.data, {used: 0, total: 20});
  for (const step of sessions[dialect]) await say(step);
  await modem.close();
}

const late = setTimeout(() => end(`nothing more for ${PATIENCE_MS} ms`), PATIENCE_MS);
function end(problem) {
  if (problem) console.error(`${dialect}: ${problem}\nthe modem said:\n${seen.join('\n')}`);
  process.exit(problem ? 1 : 0);
}
session().then(() => { clearTimeout(late); end(); }, (error) => end(error.stack || error));
