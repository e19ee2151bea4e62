using System;
using System.Runtime.CompilerServices;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>A session that one child asked for and another serves. The service lock protects it.</summary>
internal unsafe struct SiblingSession
{
    public ObjectHandle Handle;
    public SiblingState State;

    /// <summary>Null once it has ended.</summary>
    public Child* Client;

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
    private int _nameBytes;
    private int _labelBytes;
    private int _argumentBytes;
    private NameText _name;
    private LabelText _label;
    private ArgumentText _arguments;

    /// <summary>The provider's part is done with, or has not begun.</summary>
    public readonly bool IsRefusable => State is SiblingState.Waiting or SiblingState.Asked or SiblingState.Opening;

    // Safety: records of a slab never move.
    public static ReadOnlySpan<byte> NameOf(SiblingSession* session) => new(&session->_name, session->_nameBytes);

    public static ReadOnlySpan<byte> LabelOf(SiblingSession* session) => new(&session->_label, session->_labelBytes);

    public static ReadOnlySpan<byte> ArgumentsOf(SiblingSession* session) =>
        new(&session->_arguments, session->_argumentBytes);

    /// <summary>What was asked for. None is longer than its interface allows.</summary>
    public static void Describe(
        SiblingSession* session,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> arguments
    )
    {
        session->_nameBytes = name.Length;
        name.CopyTo(new Span<byte>(&session->_name, IParent.MaximumService));
        session->_labelBytes = label.Length;
        label.CopyTo(new Span<byte>(&session->_label, IParent.MaximumFullLabel));
        session->_argumentBytes = arguments.Length;
        arguments.CopyTo(new Span<byte>(&session->_arguments, IParent.MaximumArguments));
    }

    [InlineArray(IParent.MaximumService)]
    private struct NameText
    {
        private byte _byte;
    }

    [InlineArray(IParent.MaximumFullLabel)]
    private struct LabelText
    {
        private byte _byte;
    }

    [InlineArray(IParent.MaximumArguments)]
    private struct ArgumentText
    {
        private byte _byte;
    }
}
