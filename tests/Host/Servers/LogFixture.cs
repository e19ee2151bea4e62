using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;
using Skerry.Base.Sessions;

namespace Skerry.Tests.Host.Servers;

/// <summary>A LOG session of a child's before a console that has room for so many lines; one at a time in a thread.</summary>
internal sealed unsafe class LogFixture : IDisposable
{
    [ThreadStatic]
    private static LogFixture? current;

    private readonly ProtectionDomain* _domain = Zeroed<ProtectionDomain>();
    private readonly Child* _child = Zeroed<Child>();
    private readonly LogLine* _line = Zeroed<LogLine>();

    /// <summary>Lines, each with its line feed.</summary>
    private readonly List<byte[]> _printed = [];

    public LogFixture()
    {
        current = this;
        Server->Hooks.TryPrint = &TryPrint;
        Server->TscHertz = 1ul << 40;
        Session->Pd = _domain;
        _domain->Child = _child;
        _child->Name.Set("west"u8);
        Session->SetLabel("child"u8);
        Session->Line = _line;
    }

    public Server* Server { get; } = Zeroed<Server>();

    public ServiceSession* Session { get; } = Zeroed<ServiceSession>();

    /// <summary>The child is a vcore, called west.</summary>
    public void MakeServer() => _domain->IsServer = true;

    /// <summary>Lines that the console takes.</summary>
    public int Room { get; set; } = int.MaxValue;

    /// <summary>It prints nothing, and will not.</summary>
    public bool IsBroken { get; set; }

    public IReadOnlyList<byte[]> Lines => _printed;

    public string Printed => string.Concat(_printed.ConvertAll(Encoding.UTF8.GetString));

    public void Dispose()
    {
        NativeMemory.Free(_line);
        NativeMemory.Free(Session);
        NativeMemory.Free(_child);
        NativeMemory.Free(_domain);
        NativeMemory.Free(Server);
    }

    public void Forget() => _printed.Clear();

    public (LogResult Result, uint Taken) Write(string text) => Write(Session, text);

    public (LogResult Result, uint Taken) Write(ServiceSession* session, string text) =>
        Write(session, Encoding.UTF8.GetBytes(text));

    public (LogResult Result, uint Taken) Write(ServiceSession* session, ReadOnlySpan<byte> text)
    {
        LogResult result = new LogSessionServer(Server, session).Write(text, out uint taken);
        return (result, taken);
    }

    private static T* Zeroed<T>()
        where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)sizeof(T));

    private static LogResult TryPrint(ReadOnlySpan<byte> line)
    {
        if (current!.Room == 0 || current.IsBroken)
        {
            return current.IsBroken ? LogResult.CallFailed : LogResult.Busy;
        }
        current.Room--;
        current._printed.Add(line.ToArray());
        return LogResult.Ok;
    }
}
