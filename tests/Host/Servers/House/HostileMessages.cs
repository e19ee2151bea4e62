using System;
using System.Collections.Generic;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>Requests for a method by its shape: right in form with hostile values, or wrong in form. All follow from a seed.</summary>
internal sealed class HostileMessages(Random random)
{
    private const int LongestText = 8;
    private const int KnownWords = 12;
    private const ulong FirstOfInterest = 0x1000;
    private const uint FirstReceived = 600;

    /// <summary>What overflows, what is not aligned, and what means something.</summary>
    private static readonly ulong[] _words =
    [
        0,
        1,
        2,
        3,
        4,
        12,
        13,
        40,
        64,
        0xfff,
        0x1000,
        0x1001,
        0x2000,
        0x10_0000,
        0x100_0000,
        0x4000_0000,
        0x10_0000_0000,
        0x10_0000_1000,
        0x7fff_ffff,
        0x8000_0000,
        0xffff_ffff,
        0x1_0000_0000,
        0x7fff_ffff_f000,
        0x8000_0000_0000,
        0x7fff_ffff_ffff_ffff,
        0x8000_0000_0000_0000,
        0x8000_0000_0000_0001,
        0xffff_ffff_ffff_e000,
        0xffff_ffff_ffff_f000,
        0xffff_ffff_ffff_f001,
        0xffff_ffff_ffff_ffff,
    ];
    private static readonly string[] _texts =
    [
        "",
        "Odd",
        "Odd",
        "Odd",
        "Odd",
        "ROM",
        "LOG",
        "CPU",
        "RM",
        "TRACE",
        "FORWARD",
        "PD",
        "Channel",
    ];

    /// <summary>Words that the server has answered: handles, addresses, numbers of sessions, of now and of before.</summary>
    private readonly List<ulong> _known = [0];

    /// <summary>Words of the reply ahead of its result.</summary>
    public int ResultWord { get; private set; }

    /// <summary>Remembers a word, and forgets an older one.</summary>
    public void Learn(ulong word)
    {
        if (_known.Count < KnownWords && word >= FirstOfInterest)
        {
            _known.Add(word);
        }
        else if (word >= FirstOfInterest)
        {
            _known[random.Next(KnownWords)] = word;
        }
    }

    /// <param name="message">The request.</param>
    /// <param name="shape">Of the method.</param>
    /// <param name="slots">Of the sender's table that may hold something.</param>
    public void Make(ref RpcMessage message, in RpcMethodShape shape, IReadOnlyList<uint> slots)
    {
        ResultWord = 0;
        var writer = new MessageWriter(ref message, RpcLabel.Request(shape.InterfaceHash, shape.Method));
        for (int i = 0; i < shape.ParameterCount; i++)
        {
            Put(ref writer, shape.Parameter(i), slots);
        }
    }

    /// <summary>Something about the message is wrong in form: nobody may take it for a request.</summary>
    /// <returns>False if it has stayed as it was.</returns>
    public bool TryDamage(ref RpcMessage message, IReadOnlyList<uint> slots)
    {
        switch (random.Next(6))
        {
            case 0 when message.Length != 0:
                message.Length = random.Next(message.Length);
                return true;
            case 1 when message.Length < 63:
                message.Words[message.Length] = Word();
                message.Length = random.Next(message.Length + 1, 64);
                return true;
            case 2:
                message.Label = RpcLabel.Request(message.Label.Interface, (uint)random.Next(100, 0x1000));
                return true;
            case 3:
                message.Label = RpcLabel.Request(
                    message.Label.Interface ^ (1u << random.Next(32)),
                    message.Label.Method
                );
                return true;
            case 4 when message.CapabilityCount < 3:
                message.Capabilities[message.CapabilityCount++] = Pick(slots);
                return !message.Capabilities[message.CapabilityCount - 1].IsNone;
            default:
                return false;
        }
    }

    public uint Slot(IReadOnlyList<uint> slots) => slots[random.Next(slots.Count)];

    /// <summary>Rather what the server has given than what the child had from the start.</summary>
    private Capability Pick(IReadOnlyList<uint> slots)
    {
        uint slot = Slot(slots);
        for (int i = 0; i < 3 && slot < FirstReceived; i++)
        {
            slot = Slot(slots);
        }
        return random.Next(8) == 0 ? Capability.None : Capability.In(new CapabilitySlot(slot));
    }

    private ulong Word() =>
        random.Next(10) switch
        {
            < 4 => _words[random.Next(_words.Length)],
            < 8 => _known[random.Next(_known.Count)],
            8 => (ulong)random.Next(8),
            _ => (ulong)random.NextInt64() << random.Next(2),
        };

    private void Put(ref MessageWriter writer, RpcParameter parameter, IReadOnlyList<uint> slots)
    {
        switch (parameter.Kind)
        {
            case RpcParameterKind.Integer:
                writer.WriteWord(Word());
                break;
            case RpcParameterKind.Enumeration:
                writer.WriteWord(random.Next(10) == 0 ? Word() : (ulong)random.Next(6));
                break;
            case RpcParameterKind.Structure:
                for (int i = 0; i < parameter.Words; i++)
                {
                    writer.WriteWord(Word());
                }
                break;
            case RpcParameterKind.Capability:
                writer.WriteCapability(Pick(slots));
                break;
            case RpcParameterKind.Text:
                PutText(ref writer, parameter.Words);
                break;
            default:
                int bytes = random.Next(4) == 0 ? random.Next(8 * parameter.Words + 1) : 8 * parameter.Words;
                ResultWord += (bytes + 7) / 8;
                writer.WriteWord((ulong)bytes);
                break;
        }
    }

    private void PutText(ref MessageWriter writer, int words)
    {
        byte[] bytes = new byte[8 * words];
        random.NextBytes(bytes);
        int length = random.Next(4) == 0 ? random.Next(bytes.Length + 1) : random.Next(LongestText);
        if (random.Next(2) == 0)
        {
            string text = _texts[random.Next(_texts.Length)];
            length = System.Text.Encoding.ASCII.GetBytes(text, bytes);
        }
        writer.WriteBytes(bytes.AsSpan(0, length), 8 * words);
    }
}
