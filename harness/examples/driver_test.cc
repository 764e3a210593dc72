// A driver's test against an emulated modem: POSIX and nothing else.
//
//   driver_test /path/to/assay
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

// What is tested: it connects through a BG96 on standard streams, and says how that went.
class Driver {
 public:
  Driver(int from_modem, int to_modem) : from_(from_modem), to_(to_modem) {}
  bool Connect(const std::string& client) {
    Ask("ATE0", "OK\r\n");
    Ask("AT+QMTOPEN=0,\"broker.example\",1883", "+QMTOPEN: 0,0\r\n");
    return Ask("AT+QMTCONN=0,\"" + client + "\"", "+QMTCONN: 0,0,0\r\n");
  }
  bool Publish(const std::string& topic, const std::string& payload) {
    return Ask("AT+QMTPUB=0,1,1,0,\"" + topic + "\"", "> ") &&
           Send(payload + "\x1A", "+QMTPUB: 0,1,0\r\n");
  }

 private:
  bool Ask(const std::string& line, const std::string& end) { return Send(line + "\r", end); }
  bool Send(const std::string& bytes, const std::string& end) {
    if (write(to_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) return false;
    std::string answer;
    char byte = 0;
    while (!answer.ends_with(end) && !answer.ends_with("ERROR\r\n")) {
      if (read(from_, &byte, 1) != 1) return false;
      answer += byte;
    }
    return answer.ends_with(end);
  }
  int from_, to_;
};

void Check(bool holds, const char* what) {
  std::cout << (holds ? "ok   " : "FAIL ") << what << "\n";
  if (!holds) std::exit(1);
}

int main(int, char** argv) {
  int to_modem[2], from_modem[2];
  if (pipe(to_modem) != 0 || pipe(from_modem) != 0) return 1;
  const pid_t modem = fork();
  if (modem == 0) {
    dup2(to_modem[0], STDIN_FILENO);
    dup2(from_modem[1], STDOUT_FILENO);
    for (const int fd : {to_modem[0], to_modem[1], from_modem[0], from_modem[1]}) close(fd);
    execl(argv[1], argv[1], "emulate", "--dialect", "quectel-bg96", "--listen", "stdio", nullptr);
    _exit(127);
  }
  close(to_modem[0]);
  close(from_modem[1]);
  Driver driver(from_modem[0], to_modem[1]);
  Check(driver.Connect("driver"), "connects");
  Check(driver.Publish("a/b", "hello"), "publishes");
  close(to_modem[1]);  // the end of its input ends the modem
  int status = -1;
  waitpid(modem, &status, 0);
  Check(status == 0, "the modem ends well");
}
