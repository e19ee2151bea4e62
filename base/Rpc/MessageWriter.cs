using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.Rpc;

/// <summary>Appends arguments or results to a message. What does not fit is left out and remembered.</summary>
public ref struct MessageWriter
{
    private const int WordBytes = MessageReader.WordBytes;
    private readonly ref RpcMessage _message;
    private bool _overflow;

    /// <summary>Starts the message anew.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public MessageWriter(ref RpcMessage message, RpcLabel label)
    {
        _message = ref message;
        message.Begin(label, 0, 0);
        message.Registers.Word0 = 0;
        message.Registers.Word1 = 0;
        message.Registers.Word2 = 0;
        message.Registers.Word3 = 0;
    }

    /// <summary>Makes a reply of nothing but a status, and says it again.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static RpcStatus Refuse(ref RpcMessage reply, RpcStatus status)
    {
        _ = new MessageWriter(ref reply, RpcLabel.Reply(status));
        return status;
    }

    /// <summary>Everything fitted.</summary>
    public readonly bool IsComplete => !_overflow;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteWord(ulong value)
    {
        int index = _message.Length;
        if (index >= MessageLimits.MaximumWords)
        {
            _overflow = true;
            return;
        }
        _message.Words[index] = value;
        _message.Length = index + 1;
    }

    /// <summary>The structure's bytes, padded with zero to whole words.</summary>
    public unsafe void WriteStruct<T>(in T value)
        where T : unmanaged
    {
        int words = (sizeof(T) + WordBytes - 1) / WordBytes;
        Span<byte> destination = Reserve(words);
        if (!destination.IsEmpty)
        {
            T copy = value;
            new ReadOnlySpan<byte>(&copy, sizeof(T)).CopyTo(destination);
        }
    }

    /// <summary>The length in bytes as one word, then the bytes padded to whole words.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes, int maximum)
    {
        if (bytes.Length > maximum)
        {
            _overflow = true;
            return;
        }
        WriteWord((ulong)bytes.Length);
        Span<byte> destination = Reserve((bytes.Length + WordBytes - 1) / WordBytes);
        if (!destination.IsEmpty)
        {
            bytes.CopyTo(destination);
        }
    }

    /// <summary>How many bytes the receiver may send back into a buffer.</summary>
    public void WriteCapacity(int bytes, int maximum)
    {
        if (bytes > maximum)
        {
            _overflow = true;
            return;
        }
        WriteWord((ulong)bytes);
    }

    /// <summary>Room for bytes whose number both sides know, cleared, to be filled before the message is sent.</summary>
    public Span<byte> ReserveContent(int bytes)
    {
        Span<byte> content = Reserve((bytes + WordBytes - 1) / WordBytes);
        if (content.IsEmpty)
        {
            return default;
        }
        content.Clear();
        return content.Slice(0, bytes);
    }

    public void WriteCapability(Capability capability)
    {
        int index = _message.CapabilityCount;
        if (index >= MessageLimits.MaximumCapabilities)
        {
            _overflow = true;
            return;
        }
        _message.Capabilities[index] = capability;
        _message.CapabilityCount = index + 1;
    }

    /// <summary>The bytes of the next words, the last of them cleared; empty if they do not fit.</summary>
    private Span<byte> Reserve(int words)
    {
        int index = _message.Length;
        if (words == 0 || words > MessageLimits.MaximumWords - index)
        {
            _overflow |= words != 0;
            return default;
        }
        _message.Words[index + words - 1] = 0;
        _message.Length = index + words;
        return MemoryMarshal.CreateSpan(ref Unsafe.As<ulong, byte>(ref _message.Words[index]), words * WordBytes);
    }
}
