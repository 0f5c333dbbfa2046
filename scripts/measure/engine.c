/* The hot part of the load generator: sends messages on sockets that Python has connected, and checks what arrives.
 *
 * scripts/measure/engine.py compiles it, if there is a C compiler, and calls `drive`. It never sleeps, so that no send
 * of a server has to wake it up, and sends at once what has become due: senders that were waiting for the same delivery
 * write at the same moment, as those of a program that is fast enough do.
 *
 * A message's text begins with a token, `~sssss.nnnnnn~`: its sender and its number, from 1 on, in hexadecimal digits.
 * Every line that arrives is searched for one. What may come is known from the plan, and counted as wrong if it is
 * something else: lost, doubled, out of order, changed, or meant for somebody else.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TOKEN = 14, READ = 1 << 18, READY = 256, UNDER_WAY = 256 };

/* engine.py has the same structures. */
typedef struct {
    int clients, senders, window; /* messages that a sender has under way; with a rate it does not count */
    int direct;                   /* whether sender n writes to client n ^ 1 only, and not to its channel */
    int quick;                    /* whether what arrives is acknowledged at once, for servers that wait for that */
    const int *sockets;           /* of each client; the senders are the first clients */
    const int *channels;          /* the number of each client's channel */
    const char *const *messages;  /* what each sender sends, with a token at `places` */
    const int *sizes, *places;
    const int *receivers; /* how many clients each sender's messages reach */
    const char *text;     /* the message behind its token, the same for all */
    int text_size, after; /* and the character behind that in every line */
    double seconds, rate, patience; /* how long to send; messages a second, or 0; how long to wait for what is missing */
} Plan;

typedef struct {
    int64_t sent, heard;
    int64_t lost, doubled, disordered, mangled, strayed, dropped;
    int64_t latencies; /* how many were written */
} Result;

typedef struct {
    char *begun; /* the beginning of a line whose end has not come */
    int size, gone;
} Client;

typedef struct {
    int due; /* messages to be sent */
    char *packet;
    int left[UNDER_WAY];      /* by number: how many receivers have not heard it */
    double since[UNDER_WAY];  /* and when it was due */
} Sender;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void put_number(char *place, unsigned value, int digits) {
    while (digits--) {
        place[digits] = "0123456789abcdef"[value & 15];
        value >>= 4;
    }
}

static int get_number(const char *place, int digits) {
    int value = 0;
    while (digits--) {
        char c = *place++;
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

typedef struct {
    const Plan *plan;
    Result *result;
    Client *clients;
    Sender *senders;
    int *numbers; /* of each sender's last message */
    int *heard;   /* the last number of each sender that each client has heard, row by row */
    int64_t outstanding;
    double *latencies, came, progress;
    int64_t most_latencies;
} Drive;

/* A line without its end. */
static void check(Drive *drive, int client, const char *line, int size) {
    const Plan *plan = drive->plan;
    const char *end = line + size, *token = line;
    int sender = -1, number = -1;
    for (; (token = memchr(token, '~', (size_t)(end - token))) != NULL; token++) {
        if (end - token < TOKEN || token[6] != '.' || token[TOKEN - 1] != '~')
            continue;
        sender = get_number(token + 1, 5);
        number = get_number(token + 7, 6);
        if (sender >= 0 && number >= 0)
            break;
    }
    if (token == NULL) {
        drive->result->mangled += memmem(line, (size_t)size, plan->text, (size_t)plan->text_size) != NULL;
        return; /* something else that a server says */
    }
    int behind = (int)(end - token) - TOKEN;
    if (sender >= plan->senders || behind < plan->text_size || memcmp(token + TOKEN, plan->text, (size_t)plan->text_size) ||
        (behind > plan->text_size && token[TOKEN + plan->text_size] != plan->after) || number > drive->numbers[sender]) {
        drive->result->mangled++;
        return;
    }
    if (plan->direct ? sender != (client ^ 1) : sender == client || plan->channels[sender] != plan->channels[client]) {
        drive->result->strayed++;
        return;
    }
    int *last = &drive->heard[(size_t)client * (size_t)plan->senders + (size_t)sender];
    if (number <= *last) {
        drive->result->doubled++;
        return;
    }
    if (number > *last + 1)
        drive->result->disordered++;
    *last = number;
    Sender *from = &drive->senders[sender];
    drive->result->heard++;
    drive->outstanding--;
    drive->progress = drive->came;
    if (drive->result->latencies < drive->most_latencies)
        drive->latencies[drive->result->latencies++] = drive->came - from->since[number % UNDER_WAY];
    if (--from->left[number % UNDER_WAY] == 0)
        from->due++;
}

static void take(Drive *drive, int index, char *data, int size) {
    Client *client = &drive->clients[index];
    char *start = data, *end = data + size, *stop;
    while ((stop = memchr(start, '\n', (size_t)(end - start))) != NULL) {
        int piece = (int)(stop - start);
        if (client->size) {
            client->begun = realloc(client->begun, (size_t)(client->size + piece));
            memcpy(client->begun + client->size, start, (size_t)piece);
            check(drive, index, client->begun, client->size + piece);
            client->size = 0;
        } else {
            check(drive, index, start, piece);
        }
        start = stop + 1;
    }
    if (start < end) {
        client->begun = realloc(client->begun, (size_t)(client->size + (end - start)));
        memcpy(client->begun + client->size, start, (size_t)(end - start));
        client->size += (int)(end - start);
    }
}

static void read_all(Drive *drive, int poll) {
    static char data[READ];
    struct epoll_event ready[READY];
    int count = epoll_wait(poll, ready, READY, 0);
    drive->came = now();
    for (int i = 0; i < count; i++) {
        int index = (int)ready[i].data.u32, sock = drive->plan->sockets[index];
        ssize_t size = recv(sock, data, READ, MSG_DONTWAIT);
        if (drive->plan->quick) {
            int on = 1;
            setsockopt(sock, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
        }
        if (size > 0) {
            take(drive, index, data, (int)size);
        } else if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
            drive->result->dropped += !drive->clients[index].gone;
            drive->clients[index].gone = 1;
            epoll_ctl(poll, EPOLL_CTL_DEL, sock, NULL);
        }
    }
}

/* Sends what a sender has to send, in one packet; `due` is the moment from which its latency counts. */
static void send_due(Drive *drive, int index, double due) {
    const Plan *plan = drive->plan;
    Sender *sender = &drive->senders[index];
    int size = plan->sizes[index], count = 0;
    for (; sender->due && count < plan->window; sender->due--, count++) {
        int number = ++drive->numbers[index];
        char *message = sender->packet + count * size;
        memcpy(message, plan->messages[index], (size_t)size);
        put_number(message + plan->places[index] + 1, (unsigned)index, 5);
        put_number(message + plan->places[index] + 7, (unsigned)number, 6);
        sender->left[number % UNDER_WAY] = plan->receivers[index];
        sender->since[number % UNDER_WAY] = due;
        drive->outstanding += plan->receivers[index];
        drive->result->sent++;
    }
    for (int done = 0; done < count * size;) {
        ssize_t taken = send(plan->sockets[index], sender->packet + done, (size_t)(count * size - done), MSG_NOSIGNAL);
        if (taken < 0 && errno != EAGAIN && errno != EINTR)
            return; /* reading says that the connection is gone */
        done += taken > 0 ? (int)taken : 0;
    }
}

/* Drives the load of a plan. `numbers` (by sender) and `heard` (by client and sender) are kept from one call to the
 * next. Returns 0, or -1 if there is no memory. */
int drive(const Plan *plan, Result *result, int *numbers, int *heard, double *latencies, int64_t most_latencies) {
    Client *clients = calloc((size_t)plan->clients, sizeof *clients);
    Sender *senders = calloc((size_t)plan->senders, sizeof *senders);
    int poll = epoll_create1(0);
    if (clients == NULL || senders == NULL || poll < 0)
        return -1;
    for (int i = 0; i < plan->clients; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data = {.u32 = (uint32_t)i}};
        epoll_ctl(poll, EPOLL_CTL_ADD, plan->sockets[i], &event);
    }
    for (int i = 0; i < plan->senders; i++) {
        senders[i].packet = malloc((size_t)(plan->window * plan->sizes[i]));
        senders[i].due = plan->rate > 0 ? 0 : plan->window;
    }
    double start = now();
    Drive it = {.plan = plan, .result = result, .clients = clients, .senders = senders, .numbers = numbers, .heard = heard,
                .latencies = latencies, .most_latencies = most_latencies, .came = start, .progress = start};
    int64_t planned = (int64_t)(plan->rate * plan->seconds);
    while (!result->dropped) {
        double time = now();
        if (plan->rate > 0) {
            while (result->sent < planned && start + (double)result->sent / plan->rate <= time) {
                int index = (int)(result->sent % plan->senders);
                senders[index].due = 1;
                send_due(&it, index, start + (double)result->sent / plan->rate);
            }
            for (int i = 0; i < plan->senders; i++)
                senders[i].due = 0;
        } else if (time < start + plan->seconds) {
            for (int i = 0; i < plan->senders; i++)
                if (senders[i].due)
                    send_due(&it, i, time);
        }
        int over = plan->rate > 0 ? result->sent == planned : time >= start + plan->seconds;
        if (over && (it.outstanding == 0 || time > it.progress + plan->patience))
            break;
        if (time > it.progress + plan->patience && it.outstanding)
            break; /* a sender that waits for something lost would wait for ever */
        read_all(&it, poll);
    }
    result->lost = it.outstanding;
    for (int i = 0; i < plan->clients; i++)
        free(clients[i].begun);
    for (int i = 0; i < plan->senders; i++)
        free(senders[i].packet);
    free(clients);
    free(senders);
    close(poll);
    return 0;
}
