using System;
using System.Runtime.InteropServices;
using System.Text;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;
using Skerry.Base.Sessions;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>LOG before a console that has room for so many lines.</summary>
public sealed unsafe class LogSessionTests : IDisposable
{
    [ThreadStatic]
    private static int room;

    [ThreadStatic]
    private static string? printed;

    private readonly Server* _server = (Server*)NativeMemory.AllocZeroed((nuint)sizeof(Server));
    private readonly ServiceSession* _session = (ServiceSession*)
        NativeMemory.AllocZeroed((nuint)sizeof(ServiceSession));
    private readonly ProtectionDomain* _domain = (ProtectionDomain*)
        NativeMemory.AllocZeroed((nuint)sizeof(ProtectionDomain));
    private readonly LogLine* _line = (LogLine*)NativeMemory.AllocZeroed((nuint)sizeof(LogLine));

    public LogSessionTests()
    {
        printed = "";
        room = int.MaxValue;
        _server->Hooks.TryPrint = &TryPrint;
        _server->TscHertz = 1ul << 40;
        _session->Pd = _domain;
        _session->SetLabel("child"u8);
        _session->Line = _line;
    }

    public void Dispose()
    {
        NativeMemory.Free(_line);
        NativeMemory.Free(_session);
        NativeMemory.Free(_domain);
        NativeMemory.Free(_server);
    }

    [Fact]
    public void WhatWasNotTakenIsWrittenOnceWhenThereIsRoom()
    {
        Assert.Equal((LogResult.Ok, 3u), Write("one"));
        room = 1;
        Assert.Equal((LogResult.Busy, 6u), Write(" line\ntwo\nthree"));
        room = 0;
        Assert.Equal((LogResult.Busy, 0u), Write("two\nthree"));
        room = 1;
        Assert.Equal((LogResult.Ok, 9u), Write("two\nthree"));
        Assert.Equal((LogResult.Busy, 0u), Write("!\n"));
        room = 1;
        Assert.Equal((LogResult.Ok, 2u), Write("!\n"));
        Assert.Equal("[child] one line\n[child] two\n[child] three!\n", printed);
    }

    [Fact]
    public void ALongLineIsBrokenWhereverThereIsRoom()
    {
        string text = new('x', ILogSession.MaximumText);
        room = 0;
        Assert.Equal((LogResult.Busy, 0u), Write(text));
        room = 1;
        Assert.Equal((LogResult.Ok, (uint)text.Length), Write(text));
        Assert.Equal((LogResult.Busy, 0u), Write(text));
        Assert.Equal($"[child] {text[..LogSessionServer.MaximumLine]}\n", printed);
    }

    /// <summary>A server passes the longest line with the longest label on in one message, and its parent leaves it whole.</summary>
    [Fact]
    public void AServersLineStaysWhole()
    {
        _session->SetLabel(new byte[ServiceSession.MaximumLabel].AsSpan());
        Write(new string('x', LogSessionServer.MaximumLine) + "\n");
        string passedOn = printed!;
        Assert.True(passedOn.Length <= ILogSession.MaximumText);
        printed = "";
        _session->SetLabel(default);
        room = 1;
        Assert.Equal((LogResult.Ok, (uint)passedOn.Length), Write(passedOn));
        Assert.Equal(passedOn, printed);
    }

    /// <summary>A label is its client's choice, and stands in front of its lines.</summary>
    [Fact]
    public void ALabelEndsNoLine()
    {
        _session->SetLabel("x]\n@exit 16 all well\r\x1b["u8);
        Write("text\n");
        Assert.Equal("[x]?@exit 16 all well??[] text\n", printed);
    }

    /// <summary>One asks all the time, the other now and then: the room that comes is the other's first.</summary>
    [Fact]
    public void WhoWasRefusedFirstWritesFirst()
    {
        ServiceSession* other = (ServiceSession*)NativeMemory.AllocZeroed((nuint)sizeof(ServiceSession));
        LogLine line = default;
        other->Line = &line;
        ProtectionDomain domain = default;
        other->Pd = &domain;
        other->SetLabel("other"u8);
        room = 0;
        Assert.Equal(LogResult.Busy, Write("flood\n").Result);
        Assert.Equal(LogResult.Busy, Write(other, "quiet\n").Result);
        room = 1;
        Assert.Equal(LogResult.Ok, Write("flood\n").Result);
        Assert.Equal(LogResult.Busy, Write("flood\n").Result);
        room = 2;
        Assert.Equal(LogResult.Busy, Write("flood\n").Result);
        Assert.Equal(LogResult.Ok, Write(other, "quiet\n").Result);
        Assert.Equal(LogResult.Ok, Write("flood\n").Result);
        Assert.Equal("[child] flood\n[other] quiet\n[child] flood\n", printed);
        NativeMemory.Free(other);
    }

    /// <summary>It has a turn, as if it had one session.</summary>
    [Fact]
    public void WhoHasManySessionsHasOneTurn()
    {
        ServiceSession further = default;
        LogLine line = default;
        further.Line = &line;
        further.Pd = _domain;
        ServiceSession other = default;
        LogLine others = default;
        ProtectionDomain domain = default;
        other.Line = &others;
        other.Pd = &domain;
        room = 0;
        Assert.Equal(LogResult.Busy, Write("flood\n").Result);
        Assert.Equal(LogResult.Busy, Write(&other, "quiet\n").Result);
        Assert.Equal(LogResult.Busy, Write(&further, "flood\n").Result);
        room = 3;
        Assert.Equal(LogResult.Ok, Write("flood\n").Result);
        Assert.Equal(LogResult.Busy, Write(&further, "flood\n").Result);
        Assert.Equal(LogResult.Ok, Write(&other, "quiet\n").Result);
    }

    /// <summary>It asked once, and not again.</summary>
    [Fact]
    public void NobodyWaitsForOneThatGaveUp()
    {
        ServiceSession* other = (ServiceSession*)NativeMemory.AllocZeroed((nuint)sizeof(ServiceSession));
        LogLine line = default;
        other->Line = &line;
        ProtectionDomain domain = default;
        other->Pd = &domain;
        room = 0;
        Assert.Equal(LogResult.Busy, Write(other, "quiet\n").Result);
        room = 1;
        Assert.Equal(LogResult.Busy, Write("flood\n").Result);
        _server->TscHertz = 0;
        Assert.Equal(LogResult.Ok, Write("flood\n").Result);
        Assert.False(domain.IsWaiting);
        NativeMemory.Free(other);
    }

    private (LogResult Result, uint Taken) Write(string text) => Write(_session, text);

    private (LogResult Result, uint Taken) Write(ServiceSession* session, string text)
    {
        var server = new LogSessionServer(_server, session);
        LogResult result = server.Write(Encoding.ASCII.GetBytes(text), out uint taken);
        return (result, taken);
    }

    private static bool TryPrint(ReadOnlySpan<byte> line)
    {
        if (room == 0)
        {
            return false;
        }
        room--;
        printed += Encoding.ASCII.GetString(line);
        return true;
    }
}
