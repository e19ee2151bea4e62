using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace Skerry.Qemu.Source;

/// <summary>
/// Reads JSON into values that know their places. Comments and trailing commas are allowed: people write these files.
/// </summary>
public ref struct SourceParser
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly Diagnostics _diagnostics;
    private Utf8JsonReader _reader;

    // Lines are counted forward from the last token, so a whole file costs one pass.
    private int _line = 1;
    private int _lineStart;
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
        if (Directory.Exists(path))
        {
            throw new BadInputException($"{path}: is a folder, and a file is to be read");
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
            var position = new SourcePosition(
                (int)(exception.LineNumber ?? 0) + 1,
                (int)(exception.BytePositionInLine ?? 0) + 1
            );
            diagnostics.Error(
                position,
                DiagnosticCode.NotJson,
                $"not valid JSON: {WithoutPosition(exception.Message)}"
            );
        }
        catch (InvalidOperationException)
        {
            // A string whose bytes are not UTF-8; the reader finds out only when the string is asked for.
            diagnostics.Error(
                parser.CurrentPosition(),
                DiagnosticCode.NotJson,
                "not valid JSON: the text is not UTF-8"
            );
        }
        diagnostics.ThrowIfErrors();
        throw new InvalidOperationException("a parse error was not recorded");
    }

    private SourceValue ReadValue()
    {
        SourcePosition position = CurrentPosition();
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(position);
            case JsonTokenType.StartArray:
                return ReadList(position);
            case JsonTokenType.String:
                return new SourceValue
                {
                    Kind = SourceKind.Text,
                    Position = position,
                    Text = _reader.GetString()!,
                };
            case JsonTokenType.Number:
                string digits = Encoding.UTF8.GetString(_reader.ValueSpan);
                return new SourceValue
                {
                    Kind = SourceKind.Number,
                    Position = position,
                    Text = digits,
                };
            case JsonTokenType.True:
            case JsonTokenType.False:
                bool value = _reader.TokenType == JsonTokenType.True;
                return new SourceValue
                {
                    Kind = SourceKind.Boolean,
                    Position = position,
                    Boolean = value,
                };
            default:
                return new SourceValue { Kind = SourceKind.Null, Position = position };
        }
    }

    private SourceValue ReadObject(SourcePosition position)
    {
        var value = new SourceValue { Kind = SourceKind.Object, Position = position };
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = _reader.GetString()!;
            SourcePosition namePosition = CurrentPosition();
            _reader.Read();
            SourceValue content = ReadValue();
            if (value.Members.Any(member => member.Name == name))
            {
                _diagnostics.Error(namePosition, DiagnosticCode.GivenTwice, $"\"{name}\" is given twice");
                continue;
            }
            value.Members.Add(new SourceMember(name, namePosition, content));
        }
        return value;
    }

    private SourceValue ReadList(SourcePosition position)
    {
        var value = new SourceValue { Kind = SourceKind.List, Position = position };
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            value.Items.Add(ReadValue());
        }
        return value;
    }

    /// <summary>Of the token that was read last.</summary>
    private SourcePosition CurrentPosition()
    {
        int start = (int)_reader.TokenStartIndex;
        ReadOnlySpan<byte> passed = _text[_counted..start];
        _line += passed.Count((byte)'\n');
        int newLine = passed.LastIndexOf((byte)'\n');
        _lineStart = newLine < 0 ? _lineStart : _counted + newLine + 1;
        _counted = start;
        return new SourcePosition(_line, Encoding.UTF8.GetCharCount(_text[_lineStart..start]) + 1);
    }

    /// <summary>The library ends its messages with a position that counts lines from 0; the diagnostic has its own.</summary>
    private static string WithoutPosition(string message)
    {
        int position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position < 0 ? message : message[..position];
    }
}
