using System;
using Skerry.Base.Configuration;

namespace Skerry.Core.Links;

/// <summary>Which end of which channel a component may open, as the configuration says.</summary>
public static class ChannelDirectory
{
    private static ReadOnlySpan<byte> Separator => " -> "u8;

    /// <summary>Tells the broker how many slots each channel has.</summary>
    public static void Describe(in SystemConfiguration configuration, ref ChannelBroker broker)
    {
        for (uint i = 0; i < configuration.ChannelCount; i++)
        {
            broker.SetSlots(i, configuration.Channel(i).Slots);
        }
    }

    /// <summary>
    /// The component's end of the channel with that name, or of its first channel if the name is empty.
    /// </summary>
    /// <param name="configuration">The system's.</param>
    /// <param name="child">Index of the component among all children.</param>
    /// <param name="channelName">The part of the session's label that the component itself gave.</param>
    /// <param name="end">Its end.</param>
    public static bool TryFind(
        in SystemConfiguration configuration,
        uint child,
        ReadOnlySpan<byte> channelName,
        out ChannelEndId end
    )
    {
        for (uint i = 0; i < configuration.ChannelCount; i++)
        {
            ChannelRecord channel = configuration.Channel(i);
            bool isNamed = channelName.IsEmpty || channelName.SequenceEqual(configuration.Text(channel.Name));
            if (isNamed && (channel.First == child || channel.Second == child))
            {
                end = new ChannelEndId(i, channel.First == child ? 0u : 1u);
                return true;
            }
        }
        end = default;
        return false;
    }

    /// <summary>
    /// The end of a vcore's child, for a session that its vcore passes on.
    /// </summary>
    /// <param name="configuration">The system's.</param>
    /// <param name="vcore">Index of the vcore that asks.</param>
    /// <param name="label">As vcores write it: the child's name, " -> ", the label that the child gave.</param>
    /// <param name="end">The child's end.</param>
    public static bool TryFindByLabel(
        in SystemConfiguration configuration,
        uint vcore,
        ReadOnlySpan<byte> label,
        out ChannelEndId end
    )
    {
        end = default;
        int separator = IndexOf(label, Separator);
        ReadOnlySpan<byte> name = label.Slice(0, separator);
        ReadOnlySpan<byte> channel =
            separator + Separator.Length <= label.Length ? label.Slice(separator + Separator.Length) : default;
        return TryFindChild(in configuration, vcore, name, out uint child)
            && TryFind(in configuration, child, channel, out end);
    }

    /// <summary>A vcore's child by its name: its index among all children, for sessions that its vcore passes on.</summary>
    public static bool TryFindChild(
        in SystemConfiguration configuration,
        uint vcore,
        ReadOnlySpan<byte> name,
        out uint child
    )
    {
        RecordRange children = configuration.Vcore(vcore).Children;
        for (child = children.First; child < children.First + children.Count; child++)
        {
            if (name.SequenceEqual(configuration.Text(configuration.Child(child).Name)))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Where the part begins; the text's length if it is not there.</summary>
    private static int IndexOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part)
    {
        for (int i = 0; i + part.Length <= text.Length; i++)
        {
            if (text.Slice(i, part.Length).SequenceEqual(part))
            {
                return i;
            }
        }
        return text.Length;
    }
}
