using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace Skerry.Qemu.Source;

/// <summary>
/// Reads JSON into values that know their lines. Comments and trailing commas are allowed: people write these files.
/// </summary>
public ref struct SourceParser
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly Diagnostics _diagnostics;
    private Utf8JsonReader _reader;

    // Lines are counted forward from the last token, so a whole file costs one pass.
    private int _line = 1;
    private int _counted;

    private SourceParser(ReadOnlySpan<byte> text, Diagnostics diagnostics)
    {
        _text = text;
        _diagnostics = diagnostics;
        var options = new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        _reader = new Utf8JsonReader(text, options);
    }

    /// <exception cref="BadInputException">The file cannot be read or is not JSON.</exception>
    public static SourceValue ParseFile(string path, Diagnostics diagnostics)
    {
        if (path.Length == 0)
        {
            throw new BadInputException("the name of a file to read is empty");
        }
        try
        {
            return Parse(File.ReadAllBytes(path), diagnostics);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read: {exception.Message}");
        }
    }

    /// <exception cref="BadInputException">The text is not JSON.</exception>
    public static SourceValue Parse(ReadOnlySpan<byte> text, Diagnostics diagnostics)
    {
        ReadOnlySpan<byte> byteOrderMark = Encoding.UTF8.Preamble;
        var parser = new SourceParser(
            text.StartsWith(byteOrderMark) ? text[byteOrderMark.Length..] : text,
            diagnostics
        );
        try
        {
            parser._reader.Read();
            SourceValue value = parser.ReadValue();
            parser._reader.Read();
            return value;
        }
        catch (JsonException exception)
        {
            int line = (int)(exception.LineNumber ?? 0) + 1;
            diagnostics.Error(line, $"not valid JSON: {WithoutPosition(exception.Message)}");
        }
        catch (InvalidOperationException)
        {
            // A string whose bytes are not UTF-8; the reader finds out only when the string is asked for.
            diagnostics.Error(parser._line, "not valid JSON: the text is not UTF-8");
        }
        diagnostics.ThrowIfErrors();
        throw new InvalidOperationException("a parse error was not recorded");
    }

    private SourceValue ReadValue()
    {
        int line = CurrentLine();
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(line);
            case JsonTokenType.StartArray:
                return ReadList(line);
            case JsonTokenType.String:
                return new SourceValue
                {
                    Kind = SourceKind.Text,
                    Line = line,
                    Text = _reader.GetString()!,
                };
            case JsonTokenType.Number:
                string digits = Encoding.UTF8.GetString(_reader.ValueSpan);
                return new SourceValue
                {
                    Kind = SourceKind.Number,
                    Line = line,
                    Text = digits,
                };
            case JsonTokenType.True:
            case JsonTokenType.False:
                bool value = _reader.TokenType == JsonTokenType.True;
                return new SourceValue
                {
                    Kind = SourceKind.Boolean,
                    Line = line,
                    Boolean = value,
                };
            default:
                return new SourceValue { Kind = SourceKind.Null, Line = line };
        }
    }

    private SourceValue ReadObject(int line)
    {
        var value = new SourceValue { Kind = SourceKind.Object, Line = line };
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = _reader.GetString()!;
            int nameLine = CurrentLine();
            _reader.Read();
            SourceValue content = ReadValue();
            if (value.Members.Any(member => member.Name == name))
            {
                _diagnostics.Error(nameLine, $"\"{name}\" is given twice");
                continue;
            }
            value.Members.Add(new SourceMember(name, nameLine, content));
        }
        return value;
    }

    private SourceValue ReadList(int line)
    {
        var value = new SourceValue { Kind = SourceKind.List, Line = line };
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            value.Items.Add(ReadValue());
        }
        return value;
    }

    private int CurrentLine()
    {
        int start = (int)_reader.TokenStartIndex;
        _line += _text[_counted..start].Count((byte)'\n');
        _counted = start;
        return _line;
    }

    /// <summary>The library ends its messages with a position that counts lines from 0; the diagnostic has its own.</summary>
    private static string WithoutPosition(string message)
    {
        int position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position < 0 ? message : message[..position];
    }
}
