package com.netbuild.realtime.demo;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Prints the one line of stdout, on which scripts wait, once REST has answered. */
@Component
class ReadyLine {

  private final ServletWebServerApplicationContext context;
  private final String host;

  ReadyLine(ServletWebServerApplicationContext context, @Value("${server.address}") String host) {
    this.context = context;
    this.host = host;
  }

  @EventListener(ApplicationReadyEvent.class)
  void print() throws Exception {
    String rest = "http://" + host + ":" + context.getWebServer().getPort() + "/engine-rest";
    // The list of engines is open to all, and goes through all of REST; the first call is also the slowest.
    HttpRequest request = HttpRequest.newBuilder(URI.create(rest + "/engine")).build();
    int status = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    if (status != 200) {
      throw new IllegalStateException("REST at " + rest + " answered " + status + ".");
    }
    System.out.println("engine ready on " + rest);
  }
}
