%% Plays scripts (see script.h) with OTP's own supervisors and writes their logs.
%%
%%     erl … -run oracle main SCRIPTS LOGS PARALLEL
%%
%% The clock is the real one, so that many scripts run side by side: each has a process that plays
%% it, and a table for its log. What a supervisor's commands answer is told apart from the log: an
%% answer and what its supervisor does next come from two processes, in no order.
%%
%% SPDX-License-Identifier: GPL-3.0-or-later
-module(oracle).
-export([main/1, init/1, start/3, start/4]).

-define(STEP, 50).
-define(SETTLE, 150).

main([In, Out, Parallel]) ->
    logger:set_primary_config(level, none),
    {ok, Scripts} = file:consult(In),
    {ok, File} = file:open(Out, [write, {delayed_write, 1000000, 1000}]),
    all(Scripts, list_to_integer(Parallel), 0, File),
    ok = file:close(File),
    halt(0).

%% Keeps so many players at work; they begin a little apart, so as not to crowd one moment.
all([], _, 0, _) -> ok;
all([Script | Rest], Room, Busy, File) when Room > 0 ->
    Self = self(),
    spawn(fun() -> Self ! {played, play(Script)} end),
    receive after 1 -> ok end,
    all(Rest, Room - 1, Busy + 1, File);
all(Rest, Room, Busy, File) ->
    receive {played, Text} -> ok = file:write(File, Text) end,
    all(Rest, Room + 1, Busy - 1, File).

%% One script

play({script, Seed, Sup, Extras, Steps}) ->
    process_flag(trap_exit, true),
    T = ets:new(log, [public, ordered_set]),
    ets:insert(T, [{number, 0}, {late, 0}]),
    case start_sup(T, Sup) of
        {ok, Root} ->
            put(root, Root),
            steps(T, Root, Extras, Steps, erlang:monotonic_time(millisecond) + ?STEP, 0);
        {error, _} ->
            receive {'EXIT', _, _} -> ok after 0 -> ok end,
            note(T, exit, start)
    end,
    Log = [io_lib:format("~s ~s~n", [What, Who]) || {{log, _}, What, Who} <- ets:tab2list(T)],
    Answers = [[integer_to_list(N), $\s, A, $\n] || {{answer, N}, A} <- ets:tab2list(T)],
    Text = io_lib:format("script ~b ~b~n~sanswers~n~sdone~n",
                         [Seed, ets:lookup_element(T, late, 2), Log, Answers]),
    case get(root) of undefined -> ok; R -> exit(R, kill) end,
    iolist_to_binary(Text).

steps(T, Root, _, [], At, _) ->
    until(T, Root, At + ?SETTLE),
    case get(ended) of true -> ok; _ -> note(T, alive, root) end;
steps(T, Root, Extras, [{wait, Ms} | Rest], At, N) ->
    steps(T, Root, Extras, Rest, At + Ms + ?STEP, N + 1);
steps(T, Root, Extras, [Step | Rest], At, N) ->
    until(T, Root, At),
    step(T, Root, Extras, Step, N),
    steps(T, Root, Extras, Rest, At + ?STEP, N + 1).

until(T, Root, At) ->
    receive
        {'EXIT', Root, Reason} ->
            put(ended, true),
            note(T, exit, reason(Reason)),
            until(T, Root, At)
    after max(0, At - erlang:monotonic_time(millisecond)) ->
        Late = erlang:monotonic_time(millisecond) - At,
        case Late > ets:lookup_element(T, late, 2) of
            true -> ets:insert(T, {late, Late});
            false -> ok
        end
    end.

step(T, _, _, {kill, Name, Reason}, _) ->
    case living(T, Name) of
        none -> note(T, noproc, Name);
        Pid -> Pid ! {die, exit_of(Reason)}
    end;
step(T, _, _, {crush, Name}, _) ->
    case living(T, Name) of
        none -> note(T, noproc, Name);
        Pid -> note(T, crush, Name), exit(Pid, kill)
    end;
step(T, Root, _, stop, _) ->
    note(T, shutdown, root),
    exit(Root, shutdown);
step(T, _, Extras, Command, N) ->
    Name = element(2, Command),
    Kind = case ets:lookup(T, {strategy, Name}) of
               [{_, simple_one_for_one}] -> simple;
               _ -> plain
           end,
    Pid = living(T, Name),
    Call = call(T, Kind, Pid, Extras, Command),
    spawn(fun() ->
              A = try Call() catch exit:_ -> "noproc" end,
              ets:insert(T, {{answer, N}, A})
          end).

call(_, _, none, _, _) -> fun() -> "noproc" end;
call(T, Kind, Sup, _, {which, _}) ->
    fun() ->
        lists:join($\s, [shown(T, Kind, C) || C <- supervisor:which_children(Sup)])
    end;
call(_, _, Sup, _, {count, _}) ->
    fun() ->
        L = supervisor:count_children(Sup),
        lists:join($\s, [integer_to_list(proplists:get_value(K, L))
                         || K <- [specs, active, supervisors, workers]])
    end;
call(_, simple, Sup, _, {start, _, Name}) ->
    fun() -> answer(supervisor:start_child(Sup, [Name])) end;
call(T, _, Sup, Extras, {start, _, Name}) ->
    Spec = spec(T, lists:keyfind(Name, 2, Extras)),
    fun() -> answer(supervisor:start_child(Sup, Spec)) end;
call(T, simple, Sup, _, {terminate, _, Name}) ->
    case living(T, Name) of
        none -> fun() -> "noproc" end;
        Pid -> fun() -> answer(supervisor:terminate_child(Sup, Pid)) end
    end;
call(_, _, Sup, _, {terminate, _, Name}) ->
    fun() -> answer(supervisor:terminate_child(Sup, Name)) end;
call(_, _, Sup, _, {delete, _, Name}) ->
    fun() -> answer(supervisor:delete_child(Sup, Name)) end;
call(_, _, Sup, _, {restart, _, Name}) ->
    fun() -> answer(supervisor:restart_child(Sup, Name)) end.

shown(T, simple, {undefined, Pid, _, _}) when is_pid(Pid) ->
    io_lib:format("~s:there", [ets:lookup_element(T, {name, Pid}, 2)]);
shown(_, simple, {undefined, State, _, _}) -> io_lib:format("?:~s", [State]);
shown(_, _, {Id, Pid, _, _}) when is_pid(Pid) -> io_lib:format("~s:there", [Id]);
shown(_, _, {Id, undefined, _, _}) -> io_lib:format("~s:absent", [Id]);
shown(_, _, {Id, State, _, _}) -> io_lib:format("~s:~s", [Id, State]).

answer(ok) -> "ok";
answer({ok, _}) -> "ok";
answer({error, not_found}) -> "not_found";
answer({error, running}) -> "running";
answer({error, restarting}) -> "restarting";
answer({error, {already_started, _}}) -> "running";
answer({error, already_present}) -> "present";
answer({error, simple_one_for_one}) -> "wrong";
answer({error, _}) -> "failed".

%% Supervisors

start_sup(T, Sup = {sup, Name, Strategy, _, _, _, _}) ->
    ets:insert(T, {{strategy, Name}, Strategy}),
    supervisor:start_link(?MODULE, {T, Sup}).

init({T, {sup, Name, Strategy, Restarts, Period, Auto, Children}}) ->
    note(T, init, Name),
    ets:insert(T, {{pid, Name}, self()}),
    Flags = #{strategy => Strategy, intensity => Restarts, period => Period, auto_shutdown => Auto},
    {ok, {Flags, [spec(T, C) || C <- Children]}}.

spec(T, {child, Name, Lifetime, Shutdown, Significant, What}) ->
    {Start, Type} = case What of
                        {sup, _, _, _, _, _, _} -> {{?MODULE, start, [T, Name, What]}, supervisor};
                        _ -> {{?MODULE, start, [T, Name, What]}, worker}
                    end,
    #{id => Name, start => Start, restart => Lifetime, shutdown => Shutdown, type => Type,
      significant => Significant}.

%% Workers. A dynamic one has a name of its own.

start(T, _, Worker, Name) -> start(T, Name, Worker).

start(T, _, Sup) when element(1, Sup) =:= sup -> start_sup(T, Sup);
start(T, Name, {worker, Manner, Slow, Fails}) ->
    N = ets:update_counter(T, {starts, Name}, 1, {{starts, Name}, 0}),
    case lists:member(N, Fails) of
        true -> note(T, startfail, Name), {error, nope};
        false ->
            note(T, start, Name),
            Parent = self(),
            Pid = spawn_link(fun() ->
                process_flag(trap_exit, true),
                ets:insert(T, [{{pid, Name}, self()}, {{name, self()}, Name}]),
                Parent ! {up, self()},
                work(T, Parent, Name, Manner, Slow)
            end),
            receive {up, Pid} -> {ok, Pid} end
    end.

work(T, Parent, Name, Manner, Slow) ->
    receive
        {die, Reason} -> note(T, die, Name), exit(Reason);
        {'EXIT', Parent, shutdown} ->
            case Manner of
                plain -> note(T, stop, Name), exit(shutdown);
                hang -> note(T, ignored, Name), work(T, Parent, Name, Manner, Slow);
                slow ->
                    note(T, stopping, Name),
                    receive after Slow -> ok end,
                    note(T, stop, Name),
                    exit(shutdown)
            end;
        {'EXIT', Parent, Reason} -> exit(Reason)
    end.

living(T, Name) ->
    case ets:lookup(T, {pid, Name}) of
        [{_, Pid}] -> case is_process_alive(Pid) of true -> Pid; false -> none end;
        [] -> none
    end.

note(T, What, Who) -> ets:insert(T, {{log, ets:update_counter(T, number, 1)}, What, Who}).

exit_of(shutdown_x) -> {shutdown, x};
exit_of(Reason) -> Reason.

reason({shutdown, _}) -> shutdown_x;
reason(Reason) when Reason =:= normal; Reason =:= shutdown; Reason =:= killed -> Reason;
reason(_) -> boom.
