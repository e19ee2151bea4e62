using System.Runtime.CompilerServices;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;
using Skerry.Base.Text;

namespace Skerry.Base.Servers.Services;

/// <summary>A session that one child asked for and another serves. The service lock protects it.</summary>
internal unsafe struct SiblingSession
{
    public ObjectHandle Handle;
    public SiblingState State;

    /// <summary>Null once it has ended.</summary>
    public Child* Client;

    /// <summary>Its client, which has ended, while the provider has not let go yet; else null. Counts as its next instance's.</summary>
    public Child* LeftBy;

    /// <summary>Number, in the configuration, of the child that serves.</summary>
    public uint ProviderIndex;

    /// <summary>That child, and which of its services it is, from <see cref="SiblingState.Asked"/> on.</summary>
    public Child* Provider;
    public uint Service;

    /// <summary>Waits for the answer, as long as that is not given.</summary>
    public HeldCaller* Caller;

    /// <summary>What the provider gave; the client's is derived from it.</summary>
    public CapabilitySlot Capability;

    /// <summary>In the provider's account from <see cref="SiblingState.Open"/> on, with the server before.</summary>
    public Resources Donation;

    /// <summary>In the server's space.</summary>
    public Affinity Place;
    public SiblingSession* Next;

    /// <summary>What was asked for. None is longer than its interface allows.</summary>
    public BoundedText<NameBytes> Name;
    public BoundedText<LabelBytes> Label;
    public BoundedText<ArgumentBytes> Arguments;

    /// <summary>The provider has not said yet that it has opened it, and may still refuse.</summary>
    public readonly bool IsRefusable => State is SiblingState.Waiting or SiblingState.Asked or SiblingState.Opening;

    [InlineArray(IParent.MaximumService)]
    public struct NameBytes
    {
        private byte _byte;
    }

    [InlineArray(IParent.MaximumFullLabel)]
    public struct LabelBytes
    {
        private byte _byte;
    }

    [InlineArray(IParent.MaximumArguments)]
    public struct ArgumentBytes
    {
        private byte _byte;
    }
}
