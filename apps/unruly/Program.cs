using System;
using System.Runtime;
using Skerry.Base.Layout;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.Unruly;

/// <summary>
/// Does what a component may, at a moment that its server would not choose. The first word of its arguments says what;
/// nobody else is to notice.
/// </summary>
internal static class Program
{
    private const ulong UnknownWord = 1;
    private const ulong TookTooLittle = 9;

    [RuntimeExport(ComponentEntryPoints.SkerryMain)]
    private static ulong Main(in Environment environment)
    {
        ReadOnlySpan<byte> word = CommandWords.First(environment.Arguments);
        if (word.SequenceEqual("exit-inside-calls"u8))
        {
            return InsideCalls.Exit(in environment);
        }
        if (word.SequenceEqual("crash-inside-calls"u8))
        {
            return InsideCalls.Crash(in environment);
        }
        if (word.SequenceEqual("destroy-inside-calls"u8))
        {
            return InsideCalls.Destroy(in environment);
        }
        if (word.SequenceEqual("destroy-inside-slots"u8))
        {
            return InsideCalls.DestroyInsideSlots(in environment);
        }
        if (word.SequenceEqual("own-fault-handler"u8))
        {
            return OwnFaultHandler.Run(in environment);
        }
        if (word.SequenceEqual("helps-many"u8))
        {
            return HandlerGone.HelpMany(in environment);
        }
        if (word.SequenceEqual("handler-revoked"u8))
        {
            return HandlerGone.Revoke(in environment);
        }
        if (word.SequenceEqual("handler-removed"u8))
        {
            return HandlerGone.Remove(in environment);
        }
        if (word.SequenceEqual("writes-module"u8))
        {
            return HandlerGone.WriteModule(in environment);
        }
        if (word.SequenceEqual("threads-return"u8))
        {
            return ReturningThreads.Run(in environment);
        }
        if (word.SequenceEqual("threads-stay"u8))
        {
            return ReturningThreads.Stay(in environment);
        }
        if (word.SequenceEqual("pass-foreign"u8))
        {
            return Taker.PassForeign(in environment);
        }
        if (word.SequenceEqual("attach-rom"u8))
        {
            return Taker.AttachRom(in environment);
        }
        if (word.SequenceEqual("make-maps"u8))
        {
            return Taker.MakeMaps(in environment);
        }
        return Beside(in environment, word);
    }

    private static ulong Beside(in Environment environment, ReadOnlySpan<byte> word)
    {
        if (word.SequenceEqual("flood"u8))
        {
            return Neighbours.Flood(in environment);
        }
        if (word.SequenceEqual("exit"u8))
        {
            return ExitValue.Success;
        }
        if (word.SequenceEqual("exhaust"u8))
        {
            return Neighbours.Exhaust(in environment);
        }
        if (word.SequenceEqual("storm"u8))
        {
            return Neighbours.Storm(in environment);
        }
        if (word.SequenceEqual("hoard"u8))
        {
            return Neighbours.Hoard(in environment);
        }
        if (word.SequenceEqual("map"u8))
        {
            return Neighbours.MapAll(in environment);
        }
        if (word.SequenceEqual("spin"u8))
        {
            return Neighbours.Spin();
        }
        if (word.SequenceEqual("measure"u8))
        {
            return Neighbours.Measure(in environment);
        }
        if (word.SequenceEqual("count-waits"u8))
        {
            return Neighbours.CountWaits(in environment);
        }
        if (word.SequenceEqual("large-memory"u8))
        {
            return LargeMemory.Run(in environment);
        }
        return Sessions(in environment, word);
    }

    private static ulong Sessions(in Environment environment, ReadOnlySpan<byte> word)
    {
        if (word.SequenceEqual("open-and-close"u8))
        {
            return OddClient.OpenAndClose(in environment);
        }
        if (word.SequenceEqual("open-too-many"u8))
        {
            return OddClient.OpenTooMany(in environment);
        }
        if (word.SequenceEqual("gets-back-later"u8))
        {
            return OddClient.GetsBackLater(in environment);
        }
        if (word.SequenceEqual("is-denied"u8))
        {
            return OddClient.IsDenied(in environment);
        }
        if (word.SequenceEqual("has-its-own"u8))
        {
            return OddClient.HasItsOwn(in environment);
        }
        if (word.SequenceEqual("has-its-sessions"u8))
        {
            return OddClient.HasItsSessions(in environment);
        }
        if (word.SequenceEqual("wait"u8))
        {
            return OddClient.Wait(in environment);
        }
        if (word.SequenceEqual("callers-end"u8))
        {
            return CallersThatEnd.End(in environment);
        }
        if (word.SequenceEqual("caller-crashes"u8))
        {
            return CallersThatEnd.Crash(in environment);
        }
        if (word.SequenceEqual("calls"u8))
        {
            return CallersThatEnd.Call(in environment);
        }
        if (word.SequenceEqual("takes-all-and-crashes"u8))
        {
            return RecordTaker.TakeAllAndCrash(in environment);
        }
        if (Takes(in environment, word, out bool isEnough))
        {
            return isEnough ? OddService.Run(in environment, OddServiceKind.Tells) : TookTooLittle;
        }
        if (Service(word, out OddServiceKind kind))
        {
            return OddService.Run(in environment, kind);
        }
        environment.Log.WriteLine("unknown word"u8);
        return UnknownWord;
    }

    private static bool Takes(in Environment environment, ReadOnlySpan<byte> word, out bool isEnough)
    {
        isEnough = false;
        if (word.SequenceEqual("takes-maps"u8))
        {
            isEnough = RecordTaker.TakeMaps(in environment);
        }
        else if (word.SequenceEqual("takes-sessions"u8))
        {
            isEnough = RecordTaker.TakeSessions(in environment);
        }
        else if (word.SequenceEqual("takes-handlers"u8))
        {
            isEnough = RecordTaker.TakeHandlers(in environment);
        }
        else if (word.SequenceEqual("takes-regions"u8))
        {
            isEnough = RecordTaker.TakeRegions(in environment);
        }
        else if (word.SequenceEqual("takes-pages"u8))
        {
            isEnough = RecordTaker.TakePages(in environment);
        }
        else
        {
            return false;
        }
        return true;
    }

    private static bool Service(ReadOnlySpan<byte> word, out OddServiceKind kind)
    {
        kind = OddServiceKind.Tells;
        if (word.SequenceEqual("service-tells"u8))
        {
            return true;
        }
        if (word.SequenceEqual("service-ends-first"u8))
        {
            kind = OddServiceKind.EndsFirst;
        }
        else if (word.SequenceEqual("service-ends"u8))
        {
            kind = OddServiceKind.Ends;
        }
        else if (word.SequenceEqual("service-never-asks"u8))
        {
            kind = OddServiceKind.NeverAsks;
        }
        else if (word.SequenceEqual("service-spins"u8))
        {
            kind = OddServiceKind.Spins;
        }
        else if (word.SequenceEqual("service-crashes"u8))
        {
            kind = OddServiceKind.Crashes;
        }
        else if (word.SequenceEqual("service-refuses"u8))
        {
            kind = OddServiceKind.Refuses;
        }
        else if (word.SequenceEqual("service-keeps"u8))
        {
            kind = OddServiceKind.Keeps;
        }
        return kind != OddServiceKind.Tells;
    }
}
