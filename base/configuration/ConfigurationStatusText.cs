using System;

namespace Skerry.Base.Configuration;

/// <summary>What is wrong with a compiled configuration, in words that follow its name.</summary>
public static class ConfigurationStatusText
{
    public static ReadOnlySpan<byte> Of(ConfigurationStatus status) =>
        status switch
        {
            ConfigurationStatus.Truncated => "is damaged: it ends too early"u8,
            ConfigurationStatus.WrongMagic => "is damaged: it is no configuration"u8,
            ConfigurationStatus.WrongVersion => "is of another version than core"u8,
            ConfigurationStatus.WrongLength => "is damaged: it cannot have the length that it says"u8,
            ConfigurationStatus.BadTable => "is damaged: a table is not where it can be"u8,
            ConfigurationStatus.BadString => "is damaged: a text is not what it can be"u8,
            ConfigurationStatus.BadReference => "is damaged: a record names one that is not there"u8,
            ConfigurationStatus.BadValue => "is damaged: a field has a value that it cannot have"u8,
            ConfigurationStatus.NothingEssential => "has no essential child: the system would end at once"u8,
            _ => "is good"u8,
        };
}
