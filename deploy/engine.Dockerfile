# The demo engine with the plugin in it, for compose's profile `engine`.
# docker build -f deploy/engine.Dockerfile -t netbuild-realtime-demo-engine:0.1.0 .

FROM maven:3-eclipse-temurin-17 AS build
WORKDIR /work
COPY engine-plugin engine-plugin
RUN mvn -q -B -f engine-plugin/pom.xml package -DskipTests

FROM eclipse-temurin:17-jre
RUN useradd --system engine && mkdir /data && chown engine /data
COPY --from=build /work/engine-plugin/demo/target/netbuild-demo-engine.jar /app/engine.jar
USER engine
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080"]
CMD ["java", "-jar", "/app/engine.jar"]
