using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Skerry.Base.Kernel;
using Skerry.Tests.Host.Servers.House;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>Real threads as the entrypoints of several CPUs: requests of different domains at once, and of one.</summary>
[Collection("CapabilitySlots")]
public sealed unsafe class DomainsAtOnceTests : IDisposable
{
    private const uint Cpus = 3;
    private const int Rounds = 10_000;
    private const int Starts = 200;
    private readonly ServerHouse _house = new(cpus: Cpus);
    private readonly LockedKernel _kernel;
    private readonly List<Exception> _failures = [];

    public DomainsAtOnceTests()
    {
        _kernel = new LockedKernel(_house.Kernel);
        SystemCalls.Double = _kernel;
    }

    public void Dispose() => _house.Dispose();

    /// <summary>
    /// Two threads of one child and one of another work with memory of their own, and of each other, while a third child is
    /// started and ended over and over. What all accounts hold afterwards is what they held.
    /// </summary>
    [Fact]
    public void WhatManyDoAtOnceLeavesNothing()
    {
        _house.Settle();
        Accounts before = _house.Count();
        Assert.True(_house.TryStart(ServerHouse.Client) && _house.TryStart(ServerHouse.Provider));
        ulong[] used = Used();
        ulong[] offers = new ulong[Cpus];
        Thread[] threads =
        [
            At(new Tenant(_house, _kernel, ServerHouse.Client, 0, offers)),
            At(new Tenant(_house, _kernel, ServerHouse.Provider, 1, offers)),
            At(new Tenant(_house, _kernel, ServerHouse.Client, 2, offers)),
        ];
        for (int i = 0; i < Starts && threads.Any(static thread => thread.IsAlive); i++)
        {
            Assert.True(_house.TryStart(ServerHouse.Lower));
            _house.End(ServerHouse.Lower);
        }
        foreach (Thread thread in threads)
        {
            thread.Join();
        }
        Assert.Empty(_failures);
        Assert.Equal(used, Used());
        _house.End(ServerHouse.Client);
        _house.End(ServerHouse.Provider);
        _house.Settle();
        Assert.Equal(before, _house.Count());
    }

    private ulong[] Used() =>
        [
            _house[ServerHouse.Client]->Pd->Account.Used.Capabilities,
            _house[ServerHouse.Provider]->Pd->Account.Used.Capabilities,
        ];

    private Thread At(Tenant tenant)
    {
        var thread = new Thread(() =>
        {
            SystemCalls.Double = _kernel;
            try
            {
                tenant.Work(Rounds);
            }
            catch (Exception failure)
            {
                lock (_failures)
                {
                    _failures.Add(failure);
                }
            }
        });
        thread.Start();
        return thread;
    }
}
