using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Base.Memory;
using Skerry.Base.Sessions;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>
/// Sessions between children, step by step: who may do what when, and that whatever they do, in whatever order, each caller is
/// told once and nothing that anybody gave is lost.
/// </summary>
[Collection("CapabilitySlots")]
public class SiblingSessionTests
{
    private static readonly Resources _gift = new(4096, 2);

    [Fact]
    public void ASessionIsAskedForOpenedClosedAndPaidBack()
    {
        using var house = new SiblingHouse();
        Resources before = house.Available(0);
        Resources providers = house.Available(1);
        Assert.Equal(ParentResult.Pending, house.Ask(0, 1, _gift));
        Assert.False(house.TryTake(1, out _));
        house.Announce(1);
        Assert.Equal(1, house.Signals);
        Assert.False(house.TryTake(0, out _));
        Assert.True(house.TryTake(1, out SessionRequest open));
        Assert.Equal(
            (SessionRequestKind.Open, 4096ul, 2ul),
            (open.Kind, open.Donation.RamBytes, open.Donation.Capabilities)
        );
        Assert.Equal(ParentResult.UnknownSession, house.Close(0, open.Session));
        Assert.Equal(ParentResult.UnknownSession, house.Answer(0, open.Session, SessionResult.Ok, true));
        Assert.Equal(ParentResult.Ok, house.Answer(1, open.Session, SessionResult.Ok, true));
        Assert.Equal((ParentResult.Ok, open.Session.Value), (house.Answers[0].Result, house.Answers[0].Id.Value));
        Assert.Equal(providers.Ram + 4096, house.Available(1).Ram);
        Assert.Equal(ParentResult.UnknownSession, house.Answer(1, open.Session, SessionResult.Ok, true));
        Assert.Equal(ParentResult.UnknownSession, house.Close(2, open.Session));

        Assert.Equal(ParentResult.Ok, house.Close(0, open.Session));
        Assert.Equal(ParentResult.UnknownSession, house.Close(0, open.Session));
        Assert.True(house.TryTake(1, out SessionRequest close));
        Assert.Equal((SessionRequestKind.Close, open.Session.Value), (close.Kind, close.Session.Value));
        house.Use(1, house.Available(1));
        Assert.Equal(ParentResult.OutOfRam, house.Answer(1, close.Session, SessionResult.Ok, false));
        house.Free(1);
        Assert.Equal(ParentResult.Ok, house.Answer(1, close.Session, SessionResult.Ok, false));
        Assert.Equal((before.Ram, before.Capabilities), (house.Available(0).Ram, house.Available(0).Capabilities));
        Assert.Equal(
            (providers.Ram, providers.Capabilities),
            (house.Available(1).Ram, house.Available(1).Capabilities)
        );
    }

    /// <summary>Ok without a capability would be a success that is none.</summary>
    [Fact]
    public void OkWithoutACapabilityIsARefusal()
    {
        using var house = new SiblingHouse();
        house.Announce(1);
        house.Ask(0, 1, _gift);
        house.TryTake(1, out SessionRequest open);
        Assert.Equal(ParentResult.Ok, house.Answer(1, open.Session, SessionResult.Ok, false));
        Assert.Equal(ParentResult.Denied, house.Answers[0].Result);
    }

    /// <summary>Nothing is written where there is no room; the request is there still, asked for as before.</summary>
    [Fact]
    public void ASpanThatIsTooShortLeavesTheRequest()
    {
        using var house = new SiblingHouse();
        house.Announce(1);
        house.Ask(0, 1, _gift);
        Assert.True(house.TryTake(1, out SessionRequest first));
        house.Ask(2, 1, _gift);
        int label = (int)first.LabelBytes;
        int arguments = (int)first.ArgumentBytes;

        Assert.Equal(ParentResult.CallFailed, house.Take(1, label - 1, arguments, out SessionRequest none));
        Assert.Equal(ParentResult.CallFailed, house.Take(1, label, arguments - 1, out _));
        Assert.Equal(0ul, none.Session.Value);

        Assert.Equal(ParentResult.Ok, house.Take(1, label, arguments, out SessionRequest second));
        Assert.Equal(
            (SessionRequestKind.Open, (uint)label, (uint)arguments),
            (second.Kind, second.LabelBytes, second.ArgumentBytes)
        );
        Assert.Equal(ParentResult.Ok, house.Answer(1, second.Session, SessionResult.Ok, true));
    }

    /// <summary>A donation that is nowhere is not given back out of what others have.</summary>
    [Fact]
    public void WhatIsLostIsNotGivenBack()
    {
        using var house = new SiblingHouse();
        house.Announce(1);
        house.Ask(0, 1, _gift);
        house.TryTake(1, out SessionRequest open);
        house.Answer(1, open.Session, SessionResult.Ok, true);
        Resources left = house.Available(0);
        house.EndLosingAll(1);
        Assert.Equal(left.Ram, house.Available(0).Ram);
        Assert.Equal(ParentResult.Ok, house.Close(0, open.Session));
        Assert.Equal(left.Ram, house.Available(0).Ram);
    }

    [Fact]
    public void WhatAClientDoesNotHaveItCannotGive()
    {
        using var house = new SiblingHouse();
        house.Announce(1);
        Resources before = house.Available(0);
        Assert.Equal(ParentResult.OutOfRam, house.Ask(0, 1, new Resources(ulong.MaxValue, 0)));
        Assert.Equal(ParentResult.OutOfCapabilities, house.Ask(0, 1, new Resources(0, ulong.MaxValue)));
        Assert.Equal((before.Ram, before.Capabilities), (house.Available(0).Ram, house.Available(0).Capabilities));
        Assert.False(house.TryTake(1, out _));
    }

    [Fact]
    public void AClientHasNoMorePlacesThanItsPool()
    {
        using var house = new SiblingHouse();
        for (int i = 0; i < IParent.MaximumSessions; i++)
        {
            Assert.Equal(ParentResult.Pending, house.Ask(0, 1, default));
        }
        Assert.Equal(ParentResult.OutOfCapabilities, house.Ask(0, 1, default));
        Assert.Equal(ParentResult.Pending, house.Ask(2, 1, default));
    }

    [Fact]
    public void NothingIsLostWhateverTheyDo() =>
        Prop.ForAll<byte[]>(Play).Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(240));

    private static void Play(byte[] steps)
    {
        using var house = new SiblingHouse();
        List<SessionId> known = [new SessionId(0), new SessionId(ulong.MaxValue)];
        for (int i = 0; i + 2 < steps.Length; i += 3)
        {
            int actor = steps[i + 1] % SiblingHouse.ChildCount;
            if (house.IsAlive(actor))
            {
                Step(house, known, steps[i], actor, steps[i + 2]);
                house.CheckSums();
            }
            else if (house.AwaitsStart(actor) && steps[i] % 2 == 0)
            {
                house.StartAgain(actor);
                house.CheckSums();
            }
        }
        for (int i = 0; i < SiblingHouse.ChildCount; i++)
        {
            if (house.AwaitsStart(i))
            {
                house.StartAgain(i);
            }
            if (house.IsAlive(i))
            {
                house.End(i);
                house.CheckSums();
            }
        }
        house.CheckEnd();
    }

    private static void Step(SiblingHouse house, List<SessionId> known, byte what, int actor, byte detail)
    {
        SessionId id = known[detail % known.Count];
        switch (what % 16)
        {
            case 0:
                house.Announce(actor);
                break;
            case 1 or 2 or 3 or 4:
                house.Ask(
                    actor,
                    (actor + 1 + detail) % SiblingHouse.ChildCount,
                    new Resources(detail * 1000ul, detail % 7u)
                );
                break;
            case 5 or 6 or 7 or 8:
                if (house.TryTake(actor, out SessionRequest request))
                {
                    known.Add(request.Session);
                }
                break;
            case 9 or 10:
                house.Answer(actor, known[^1], (SessionResult)(detail % 4 == 0 ? 2 : 0), detail % 8 != 1);
                break;
            case 11:
                house.Answer(actor, id, SessionResult.Ok, detail % 2 == 0);
                break;
            case 12 or 13:
                house.Close(actor, id);
                break;
            case 14:
                house.Use(actor, new Resources(detail * 300ul, detail % 5u));
                break;
            case 15 when detail % 4 < 2:
                house.End(actor, startsAgain: detail % 4 == 1);
                break;
            default:
                house.Free(actor);
                break;
        }
    }
}
