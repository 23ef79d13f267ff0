/* SPDX-License-Identifier: MIT */
/* Many connections at once: many threads|forks PORT N serves N of them, a
 * thread or a process each; many client PORT N makes them, a thread each. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 20

static struct sockaddr_in address = { .sin_family = AF_INET };

static void
check(int good, const char *what)
{
	if (!good) {
		perror(what);
		_exit(1);
	}
}

static void *
serve(void *data)
{
	int fd = (int)(intptr_t)data;
	char text[64];
	ssize_t n;

	while ((n = recv(fd, text, sizeof(text), 0)) > 0)
		check(send(fd, text, (size_t)n, 0) == n, "send");
	check(n == 0, "recv");
	close(fd);
	return NULL;
}

static void *
ask(void *data)
{
	int number = (int)(intptr_t)data;
	char text[64];
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	check(connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0, "connect");
	for (int i = 0; i < ROUNDS; i++) {
		int n = snprintf(text, sizeof(text), "%d of %d", i, number);
		check(send(fd, text, (size_t)n, 0) == n, "send");
		check(recv(fd, text, sizeof(text), 0) == n, "recv");
	}
	close(fd);
	return NULL;
}

static void
serve_by_fork(int listener, int fd)
{
	pid_t pid = fork();

	check(pid >= 0, "fork");
	if (pid == 0) {
		close(listener);
		serve((void *)(intptr_t)fd);
		_exit(0);
	}
	close(fd);
}

int
main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	int n = atoi(argv[3]);
	pthread_t threads[64];

	check(n <= 64, "too many");
	address.sin_port = htons((uint16_t)atoi(argv[2]));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (strcmp(argv[1], "client") == 0) {
		for (int i = 0; i < n; i++)
			pthread_create(&threads[i], NULL, ask, (void *)(intptr_t)i);
		for (int i = 0; i < n; i++)
			pthread_join(threads[i], NULL);
		return 0;
	}
	int forks = strcmp(argv[1], "forks") == 0;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	check(bind(listener, (struct sockaddr *)&address, sizeof(address)) == 0, "bind");
	check(listen(listener, 64) == 0, "listen");
	for (int i = 0; i < n; i++) {
		int fd = accept(listener, NULL, NULL);
		check(fd >= 0, "accept");
		if (forks)
			serve_by_fork(listener, fd);
		else
			pthread_create(&threads[i], NULL, serve, (void *)(intptr_t)fd);
	}
	for (int i = 0; i < n; i++) {
		if (forks)
			check(wait(NULL) > 0, "wait");
		else
			pthread_join(threads[i], NULL);
	}
	return 0;
}
