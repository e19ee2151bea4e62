using System;
using System.Runtime.InteropServices;
using System.Text;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;
using Skerry.Base.Sessions;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>LOG before a console that has room for so many lines.</summary>
public sealed unsafe class LogSessionTests : IDisposable
{
    private readonly LogFixture _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void WhatWasNotTakenIsWrittenOnceWhenThereIsRoom()
    {
        Assert.Equal((LogResult.Ok, 3u), _log.Write("one"));
        _log.Room = 1;
        Assert.Equal((LogResult.Busy, 6u), _log.Write(" line\ntwo\nthree"));
        _log.Room = 0;
        Assert.Equal((LogResult.Busy, 0u), _log.Write("two\nthree"));
        _log.Room = 1;
        Assert.Equal((LogResult.Ok, 9u), _log.Write("two\nthree"));
        Assert.Equal((LogResult.Busy, 0u), _log.Write("!\n"));
        _log.Room = 1;
        Assert.Equal((LogResult.Ok, 2u), _log.Write("!\n"));
        Assert.Equal("[child] one line\n[child] two\n[child] three!\n", _log.Printed);
    }

    /// <summary>Neither a success, nor something to wait for.</summary>
    [Fact]
    public void AConsoleThatFailsIsTold()
    {
        _log.Write("one\ntwo");
        _log.IsBroken = true;
        Assert.Equal((LogResult.CallFailed, 0u), _log.Write(" lost\nthree\n"));
        Assert.False(_log.Session->Pd->IsWaiting);
        _log.IsBroken = false;
        Assert.Equal((LogResult.Ok, 7u), _log.Write(" found\n"));
        Assert.Equal("[child] one\n[child] two found\n", _log.Printed);
    }

    [Fact]
    public void ALongLineIsBrokenWhereverThereIsRoom()
    {
        string text = new('x', ILogSession.MaximumText);
        _log.Room = 0;
        Assert.Equal((LogResult.Busy, 0u), _log.Write(text));
        _log.Room = 1;
        Assert.Equal((LogResult.Ok, (uint)text.Length), _log.Write(text));
        Assert.Equal((LogResult.Busy, 0u), _log.Write(text));
        Assert.Equal($"[child] {text[..LogSessionServer.MaximumLine]}\n", _log.Printed);
    }

    /// <summary>A server passes the longest line with the longest label on in one message, and its parent leaves it whole.</summary>
    [Fact]
    public void AServersLineStaysWhole()
    {
        string label = "west/" + new string('l', ServiceSession.MaximumLabel - "west/".Length);
        _log.Session->SetLabel(Encoding.ASCII.GetBytes(label));
        _log.Write(new string('x', LogSessionServer.MaximumLine) + "\n");
        string passedOn = _log.Printed;
        Assert.True(passedOn.Length <= ILogSession.MaximumText);
        _log.Forget();
        _log.Session->SetLabel("core/west"u8);
        _log.MakeServer();
        _log.Room = 1;
        Assert.Equal((LogResult.Ok, (uint)passedOn.Length), _log.Write(passedOn));
        Assert.Equal(passedOn, _log.Printed);
    }

    /// <summary>However it is broken, and whatever stands in front of it: each piece that is not the server's has its label.</summary>
    [Fact]
    public void AServersLineThatIsNotItsOwnHasItsLabel()
    {
        _log.Session->SetLabel("core/west"u8);
        _log.MakeServer();
        string text = new('x', ILogSession.MaximumText);
        _log.Write("vcore west: text\ncore: child a exited with 0\n[east/a] text\n@exit\t16 x\n@test a pass\n");
        _log.Write("vcore we");
        _log.Write("st: in parts\n");
        _log.Write(text);
        _log.Write("@exit 16 x\n");
        Assert.Equal(
            "vcore west: text\n[core/west] core: child a exited with 0\n[core/west] [east/a] text\n"
                + "[core/west] @exit 16 x\n@test a pass\nvcore west: in parts\n"
                + $"[core/west] {text}\n[core/west] @exit 16 x\n",
            _log.Printed
        );
    }

    /// <summary>It may look like a server's, and is a component's.</summary>
    [Fact]
    public void AComponentSpeaksForNoServer()
    {
        _log.Write("vcore west: text\n[west/a] text\n@vcore name=west x\n@restart server=west x\n");
        Assert.Equal(
            "[child] vcore west: text\n[child] [west/a] text\n[child] @vcore name=west x\n[child] @restart server=west x\n",
            _log.Printed
        );
    }

    /// <summary>A label is its client's choice, and stands in front of its lines.</summary>
    [Fact]
    public void ALabelEndsNoLine()
    {
        _log.Session->SetLabel("x]\n@exit 16 all well\r\x1b["u8);
        _log.Write("text\n");
        Assert.Equal("[x]?@exit 16 all well??[] text\n", _log.Printed);
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
        _log.Room = 0;
        Assert.Equal(LogResult.Busy, _log.Write("flood\n").Result);
        Assert.Equal(LogResult.Busy, _log.Write(other, "quiet\n").Result);
        _log.Room = 1;
        Assert.Equal(LogResult.Ok, _log.Write("flood\n").Result);
        Assert.Equal(LogResult.Busy, _log.Write("flood\n").Result);
        _log.Room = 2;
        Assert.Equal(LogResult.Busy, _log.Write("flood\n").Result);
        Assert.Equal(LogResult.Ok, _log.Write(other, "quiet\n").Result);
        Assert.Equal(LogResult.Ok, _log.Write("flood\n").Result);
        Assert.Equal("[child] flood\n[other] quiet\n[child] flood\n", _log.Printed);
        NativeMemory.Free(other);
    }

    /// <summary>It has a turn, as if it had one session.</summary>
    [Fact]
    public void WhoHasManySessionsHasOneTurn()
    {
        ServiceSession further = default;
        LogLine line = default;
        further.Line = &line;
        further.Pd = _log.Session->Pd;
        ServiceSession other = default;
        LogLine others = default;
        ProtectionDomain domain = default;
        other.Line = &others;
        other.Pd = &domain;
        _log.Room = 0;
        Assert.Equal(LogResult.Busy, _log.Write("flood\n").Result);
        Assert.Equal(LogResult.Busy, _log.Write(&other, "quiet\n").Result);
        Assert.Equal(LogResult.Busy, _log.Write(&further, "flood\n").Result);
        _log.Room = 3;
        Assert.Equal(LogResult.Ok, _log.Write("flood\n").Result);
        Assert.Equal(LogResult.Busy, _log.Write(&further, "flood\n").Result);
        Assert.Equal(LogResult.Ok, _log.Write(&other, "quiet\n").Result);
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
        _log.Room = 0;
        Assert.Equal(LogResult.Busy, _log.Write(other, "quiet\n").Result);
        _log.Room = 1;
        Assert.Equal(LogResult.Busy, _log.Write("flood\n").Result);
        _log.Server->TscHertz = 0;
        Assert.Equal(LogResult.Ok, _log.Write("flood\n").Result);
        Assert.False(domain.IsWaiting);
        NativeMemory.Free(other);
    }
}
