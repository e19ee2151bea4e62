using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Linq;
using System.Numerics;

namespace Skerry.Qemu.Commands;

/// <summary>Options for numbers within bounds and for one of a few words; an error names what is allowed.</summary>
internal static class ValueOptions
{
    /// <summary>The longest time limit, in seconds: twelve days.</summary>
    public const int LongestTime = 1_000_000;

    /// <param name="name">With its hyphens.</param>
    /// <param name="minimum">The least that is allowed.</param>
    /// <param name="maximum">The most that is allowed.</param>
    /// <param name="otherwise">What holds if the option is not given.</param>
    /// <param name="description">For the help.</param>
    public static Option<T> Number<T>(string name, T minimum, T maximum, T otherwise, string description)
        where T : struct, IBinaryInteger<T> =>
        new(name)
        {
            Description = description,
            HelpName = $"{minimum}-{maximum}",
            DefaultValueFactory = _ => otherwise,
            CustomParser = result => Number(result, name, minimum, maximum),
        };

    /// <summary>Any number of the type, or none.</summary>
    public static Option<ulong?> OptionalNumber(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "number",
            CustomParser = result => Number(result, name, ulong.MinValue, ulong.MaxValue),
        };

    /// <summary>One of an enumeration's names, in small letters.</summary>
    public static Option<T> Choice<T>(string name, T otherwise, string description)
        where T : struct, Enum =>
        WithWords<T, T>(
            new(name)
            {
                Description = description,
                DefaultValueFactory = _ => otherwise,
                CustomParser = result => Choice<T>(result, result.Tokens[0].Value, name),
            }
        );

    /// <summary>Several of an enumeration's names; the option may be given several times.</summary>
    public static Option<T[]> Choices<T>(string name, T otherwise, string description)
        where T : struct, Enum =>
        WithWords<T[], T>(
            new(name)
            {
                Description = description,
                DefaultValueFactory = _ => [otherwise],
                CustomParser = result =>
                    result.Tokens.Select(token => Choice<T>(result, token.Value, name)).Distinct().ToArray(),
            }
        );

    private static Option<TValue> WithWords<TValue, TWord>(Option<TValue> option)
        where TWord : struct, Enum
    {
        option.HelpName = string.Join('|', Words<TWord>());
        option.CompletionSources.Add(Words<TWord>());
        return option;
    }

    private static T Number<T>(ArgumentResult result, string name, T minimum, T maximum)
        where T : struct, IBinaryInteger<T>
    {
        string text = result.Tokens[0].Value;
        bool isNumber = T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out T number);
        if (!isNumber || number < minimum || number > maximum)
        {
            result.AddError($"{name} must be a number from {minimum} to {maximum}, not \"{text}\"");
        }
        return number;
    }

    private static T Choice<T>(ArgumentResult result, string text, string name)
        where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
        {
            if (string.Equals(Word(value), text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }
        string[] words = Words<T>();
        string allowed = $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";
        result.AddError($"{name} must be {allowed}, not \"{text}\"");
        return default;
    }

    private static string[] Words<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(Word).ToArray();

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
