using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;
using Skerry.Tests.Host.Servers.House;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>A session that is granted to a client whose Reply object lies on another CPU: the answer goes out later.</summary>
[Collection("CapabilitySlots")]
public sealed unsafe class GrantedLaterTests
{
    /// <summary>Of the protocol: what comes before the provider's answer that opens the session.</summary>
    private const int StepsBefore = 5;

    [Fact]
    public void TheAnswerBringsTheSession()
    {
        using var house = new ServerHouse();
        AnswersElsewhere kernel = Grant(house, out Course course);

        Assert.Empty(kernel.Brought);
        house.Server->Callers.Deliver(0);

        int endpoint = house.CapabilityAt(ServerHouse.Provider, course.Endpoint.Capability.Slot.Value)!.Object;
        Assert.Equal([endpoint], kernel.Brought);
    }

    /// <summary>The slot that it was copied from is somebody else's by then.</summary>
    [Fact]
    public void WhatWasClosedMeanwhileBringsNothingOfAnothers()
    {
        using var house = new ServerHouse();
        AnswersElsewhere kernel = Grant(house, out Course course);

        Assert.Equal(ParentResult.Ok, Course.Parent(ServerHouse.Client).CloseSession(course.Request.Session));
        for (int i = 0; i < 8; i++)
        {
            Course.Pd(ServerHouse.Provider).AllocateEndpoint(0, out _);
        }
        house.Server->Callers.Deliver(0);

        Assert.Empty(kernel.Brought);
        Assert.Equal((uint)RpcStatus.NotDelivered, new RpcLabel(house.Kernel.Answers[^1].Label).Method);
    }

    /// <summary>Until the provider has opened a session for the client, who is told later.</summary>
    private static AnswersElsewhere Grant(ServerHouse house, out Course course)
    {
        ChildTransport.House = house;
        Assert.True(house.TryStart(ServerHouse.Client) && house.TryStart(ServerHouse.Provider));
        course = new Course(house);
        Step[] steps = Protocols.All["a session of a sibling"];
        foreach (Step step in steps[..StepsBefore])
        {
            step.Do(course);
        }
        var kernel = new AnswersElsewhere(house.Kernel) { Elsewhere = true };
        SystemCalls.Double = kernel;
        steps[StepsBefore].Do(course);
        kernel.Elsewhere = false;
        return kernel;
    }

    /// <summary>Answers are taken elsewhere for as long as it is told so; then it notes what they bring.</summary>
    private sealed class AnswersElsewhere(LedgerKernel kernel) : IKernelDouble
    {
        public bool Elsewhere { get; set; }

        /// <summary>The objects that answers have brought.</summary>
        public List<int> Brought { get; } = [];

        public Status Trap(ref SystemCallFrame frame) =>
            (SystemCall)frame.Number != SystemCall.NBSend ? kernel.Trap(ref frame)
            : Elsewhere ? Status.WrongCpu
            : Answer(ref frame);

        private Status Answer(ref SystemCallFrame frame)
        {
            if (new MessageInfo(frame.Info).Capabilities == 0)
            {
                return kernel.Trap(ref frame);
            }
            HeldCapability? sent = kernel.At(LedgerKernel.OwnTable, (uint)SystemCalls.MessageBuffer.SendSlots[0]);
            if (sent == null)
            {
                return Status.InvalidCapability;
            }
            Brought.Add(sent.Object);
            return kernel.Trap(ref frame);
        }
    }
}
