package com.netbuild.realtime.demo;

import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** A process engine with REST, two models and the realtime plugin: what the demo runs. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class DemoEngineApplication {

  public static void main(String[] args) {
    SpringApplication application = new SpringApplication(DemoEngineApplication.class);
    application.setDefaultProperties(Map.of("netbuild.demo.data-dir", dataDir()));
    application.run(args);
  }

  /** Absolute, since H2 refuses a path that is relative without saying so. */
  private static String dataDir() {
    String dir = System.getenv("ENGINE_DATA_DIR");
    return Path.of(dir == null || dir.isBlank() ? "data" : dir).toAbsolutePath().toString();
  }
}
