using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.Rpc;

/// <summary>
/// Takes arguments or results out of a message of unknown make. Reading past its end gives zeros and is remembered, so
/// the reader of a message asks once, at the end, whether it was well formed.
/// </summary>
public ref struct MessageReader
{
    internal const int WordBytes = 8;
    private readonly ref RpcMessage _message;
    private int _word;
    private int _capability;
    private bool _malformed;

    public MessageReader(ref RpcMessage message)
    {
        _message = ref message;
        _malformed = (uint)message.Length > MessageLimits.MaximumWords;
    }

    /// <summary>Every word was there and in range, and none is left.</summary>
    public readonly bool IsComplete => !_malformed && _word == _message.Length && !HasMoreCapabilities();

    /// <summary>A value was read that the type does not have.</summary>
    public void Reject() => _malformed = true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadWord()
    {
        if (_malformed || _word >= _message.Length)
        {
            _malformed = true;
            return 0;
        }
        return _message.Words[_word++];
    }

    /// <summary>A word that must not exceed the largest value of a narrower type.</summary>
    public ulong ReadWord(ulong maximum)
    {
        ulong value = ReadWord();
        if (value > maximum)
        {
            _malformed = true;
            return 0;
        }
        return value;
    }

    /// <summary>A sign-extended word within the range of a narrower type.</summary>
    public long ReadSigned(long minimum, long maximum)
    {
        long value = (long)ReadWord();
        if (value < minimum || value > maximum)
        {
            _malformed = true;
            return 0;
        }
        return value;
    }

    public bool ReadBoolean() => ReadWord(1) != 0;

    public unsafe T ReadStruct<T>()
        where T : unmanaged
    {
        T value = default;
        ReadOnlySpan<byte> bytes = Take(sizeof(T));
        if (!bytes.IsEmpty)
        {
            bytes.CopyTo(new Span<byte>(&value, sizeof(T)));
        }
        return value;
    }

    /// <summary>A length and that many bytes; they stay in the message.</summary>
    public ReadOnlySpan<byte> ReadBytes(int maximum) => Take((int)ReadWord((ulong)maximum));

    /// <summary>Bytes whose number is known to both sides.</summary>
    public void ReadContent(Span<byte> destination)
    {
        ReadOnlySpan<byte> bytes = Take(destination.Length);
        bytes.CopyTo(destination);
    }

    /// <summary>The next capability, none included: whether one must be there is for the method to say.</summary>
    public Capability ReadCapability()
    {
        int index = _capability++;
        return RpcMessage.CapabilityAt(ref _message, index);
    }

    private readonly bool HasMoreCapabilities() => RpcMessage.HasCapabilityFrom(ref _message, _capability);

    private ReadOnlySpan<byte> Take(int bytes)
    {
        int words = (bytes + WordBytes - 1) / WordBytes;
        if (_malformed || words > _message.Length - _word)
        {
            _malformed = true;
            return default;
        }
        if (words == 0)
        {
            return default;
        }
        int first = _word;
        _word += words;
        return MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<ulong, byte>(ref _message.Words[first]), bytes);
    }
}
