%% The rival programs on Erlang/OTP: erl -noshell -s bench main NAME ARGS…
%% The same shapes as the .c files beside this one, and the same line of output.
%%
%% SPDX-License-Identifier: GPL-3.0-or-later
-module(bench).
-export([main/1]).

main([Name | Rest]) ->
    Args = [list_to_integer(atom_to_list(A)) || A <- Rest],
    Self = self(),
    %% In a process of its own, so that the heap of the starting one does not matter.
    spawn_opt(fun() -> Self ! {result, run(atom_to_list(Name), Args)} end, [link]),
    receive {result, {Messages, Ns, Cpu, Extra}} ->
        io:format("erlang ~s ~w msgs=~w ns=~w ns/msg=~.2f cpu=~.2f peak=~w ~s~n",
                  [Name, Args, Messages, Ns, Ns / Messages, Cpu / Messages, status("VmHWM"), Extra])
    end,
    erlang:halt(0).

now_ns() -> erlang:monotonic_time(nanosecond).

%% Of all threads, in ns; the clock is counted in milliseconds.
cpu_ns() -> {Total, _} = erlang:statistics(runtime), Total * 1000000.

timed(Messages, F) ->
    C0 = cpu_ns(), T0 = now_ns(), F(), T1 = now_ns(), C1 = cpu_ns(),
    {Messages, T1 - T0, C1 - C0, ""}.

status(Key) ->
    {ok, Text} = file:read_file("/proc/self/status"),
    {match, [Value]} = re:run(Text, Key ++ ":\\s+(\\d+)", [{capture, [1], list}]),
    list_to_integer(Value).

%% N round trips.
run("pingpong", [N]) ->
    timed(2 * N, fun() ->
        Me = self(),
        Pong = spawn(fun pong/0),
        spawn(fun() -> ping(N, Pong), Me ! done end),
        receive done -> ok end, Pong ! stop end);
%% One producer, one counter.
run("counting", [N]) ->
    timed(N + 2, fun() ->
        Me = self(),
        C = spawn(fun() -> counter(0) end),
        spawn(fun() -> produce(N, C), C ! {get, self()}, receive {count, N} -> Me ! done end end),
        receive done -> ok end end);
%% A processes in a ring, R hops.
run("threadring", [A, R]) ->
    Me = self(),
    First = spawn(fun() -> receive {next, P} -> ring(P, Me) end end),
    Last = lists:foldl(fun(_, Next) -> spawn(fun() -> ring(Next, Me) end) end, First, lists:seq(2, A)),
    First ! {next, Last},
    timed(R, fun() -> First ! R, receive done -> ok end end);
%% N messages to each of A processes, sent in turn by one.
run("fjthrput", [A, N]) ->
    Me = self(),
    Ps = [spawn(fun() -> fjt(N, Me) end) || _ <- lists:seq(1, A)],
    timed(A * N, fun() -> fjsend(N, Ps), [receive fin -> ok end || _ <- Ps] end);
%% N short-lived processes, one message each. The spawner does not take the answers itself: garbage
%% collection would go through its mailbox again and again.
run("fjcreate", [N]) ->
    Me = self(),
    timed(N, fun() ->
        Collector = spawn(fun() -> wait_n(N), Me ! done end),
        fjc(N, Collector), receive done -> ok end end);
%% N processes alive at once, and what each takes. `+P` has to allow so many.
run("live", [N]) ->
    R0 = status("VmRSS"), Me = self(), C0 = cpu_ns(), T0 = now_ns(),
    Ps = mk(N, Me, []), wait_n(N),
    T1 = now_ns(), C1 = cpu_ns(), R1 = status("VmRSS"),
    [begin erlang:monitor(process, P), exit(P, kill) end || P <- Ps],
    [receive {'DOWN', _, process, P, _} -> ok end || P <- Ps],
    C2 = cpu_ns(),
    {N, T1 - T0, C1 - C0,
     io_lib:format("bytes/actor=~.1f stop_cpu_ns=~w", [(R1 - R0) * 1024 / N, C2 - C1])};
%% W processes ping others at random, N times each, waiting for every answer.
run("big", [W, N]) ->
    Me = self(),
    timed(2 * W * N, fun() ->
        Ps = [spawn(fun() -> receive {peers, T} -> big_start(I, T, N, W, Me) end end) || I <- lists:seq(1, W)],
        T = list_to_tuple(Ps),
        [P ! {peers, T} || P <- Ps],
        wait_n(W), [P ! stop || P <- Ps] end);
%% P producers of N messages each, one consumer.
run("nto1", [P, N]) ->
    Me = self(),
    timed(P * N, fun() ->
        C = spawn(fun() -> consume(P * N), Me ! done end),
        [spawn(fun() -> produce(N, C) end) || _ <- lists:seq(1, P)],
        receive done -> ok end end);
%% A binary tree of processes of depth D that sums itself up; R of them, one after the other.
run("tree", [D, R]) ->
    Me = self(),
    Count = (1 bsl (D + 1)) - 1,
    timed(Count * R, fun() ->
        [begin spawn(fun() -> tree(D, Me) end), receive {sum, Count} -> ok end end || _ <- lists:seq(1, R)] end);
%% C creatures, M meetings.
run("chameneos", [C, M]) ->
    Me = self(),
    timed(4 * M, fun() ->
        Mall = spawn(fun() -> mall(M, none, C, 0, Me) end),
        [spawn(fun() -> Mall ! {meet, self(), I rem 3}, creature(Mall, I rem 3, 0) end) || I <- lists:seq(1, C)],
        receive {meetings, S} -> S = 2 * M end end);
%% A request a millisecond to an idle process, from another one: timer and both ends in one scheduler.
run("wake", [N]) ->
    Pong = spawn(fun pong/0),
    L = lists:sort(wake(N, Pong, [])),
    T = list_to_tuple(L),
    {N, lists:sum(L), 0, io_lib:format("p50_ns=~w p99_ns=~w", [element(N div 2, T), element(N * 99 div 100, T)])};
%% N processes that wait, to be looked at from outside.
run("idle", [N]) ->
    mk(N, self(), []), wait_n(N), io:format("ready~n"), receive never -> ok end.

pong() -> receive {ping, P} -> P ! pong, pong(); stop -> ok end.
ping(0, _) -> ok;
ping(N, P) -> P ! {ping, self()}, receive pong -> ping(N - 1, P) end.

wake(0, _, L) -> L;
wake(N, P, L) ->
    timer:sleep(1), T0 = now_ns(), P ! {ping, self()}, receive pong -> ok end,
    wake(N - 1, P, [now_ns() - T0 | L]).

produce(0, _) -> ok;
produce(N, C) -> C ! inc, produce(N - 1, C).
counter(K) -> receive inc -> counter(K + 1); {get, P} -> P ! {count, K} end.
consume(0) -> ok;
consume(N) -> receive inc -> consume(N - 1) end.

ring(Next, Me) ->
    receive 0 -> Me ! done, ring(Next, Me); K when is_integer(K) -> Next ! K - 1, ring(Next, Me) end.

fjt(0, Me) -> Me ! fin;
fjt(N, Me) -> receive work -> fjt(N - 1, Me) end.
fjsend(0, _) -> ok;
fjsend(N, Ps) -> [P ! work || P <- Ps], fjsend(N - 1, Ps).

fjc(0, _) -> ok;
fjc(N, Me) -> P = spawn(fun() -> receive work -> Me ! one end end), P ! work, fjc(N - 1, Me).
wait_n(0) -> ok;
wait_n(N) -> receive one -> wait_n(N - 1) end.
mk(0, _, L) -> L;
mk(N, Me, L) -> mk(N - 1, Me, [spawn(fun() -> Me ! one, receive never -> ok end end) | L]).

big_start(I, T, N, W, Me) -> big_send(I, T, N, W, Me, (I * 2654435761) band 16#7fffffff).
big_send(I, T, 0, W, Me, S) -> Me ! one, big_loop(I, T, 0, W, Me, S);
big_send(I, T, N, W, Me, S) ->
    S1 = (S * 1103515245 + 12345) band 16#7fffffff,
    element(((S1 bsr 8) rem W) + 1, T) ! {ping, self()},
    big_loop(I, T, N, W, Me, S1).
big_loop(I, T, N, W, Me, S) ->
    receive
        {ping, P} -> P ! pong, big_loop(I, T, N, W, Me, S);
        pong -> big_send(I, T, N - 1, W, Me, S);
        stop -> ok
    end.

tree(0, Parent) -> Parent ! {sum, 1};
tree(D, Parent) ->
    Me = self(),
    spawn(fun() -> tree(D - 1, Me) end),
    spawn(fun() -> tree(D - 1, Me) end),
    receive {sum, A} -> receive {sum, B} -> Parent ! {sum, A + B + 1} end end.

mall(_, _, 0, S, Me) -> Me ! {meetings, S};
mall(0, none, C, S, Me) ->
    receive {meet, P, _} -> P ! stop, mall(0, none, C, S, Me); {count, K} -> mall(0, none, C - 1, S + K, Me) end;
mall(M, none, C, S, Me) ->
    receive {meet, P, Col} -> mall(M, {P, Col}, C, S, Me); {count, K} -> mall(M, none, C - 1, S + K, Me) end;
mall(M, {P1, C1}, C, S, Me) ->
    receive {meet, P2, C2} -> P1 ! {met, C2}, P2 ! {met, C1}, mall(M - 1, none, C, S, Me) end.
creature(Mall, Col, K) ->
    receive
        {met, Other} -> Col1 = third(Col, Other), Mall ! {meet, self(), Col1}, creature(Mall, Col1, K + 1);
        stop -> Mall ! {count, K}
    end.
third(A, A) -> A;
third(A, B) -> 3 - A - B.
