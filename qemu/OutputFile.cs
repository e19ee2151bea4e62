using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Skerry.Qemu.Source;

namespace Skerry.Qemu;

/// <summary>
/// Files that the tool writes: each whole or not at all, so that nobody reads half a file, be it since another run reads
/// it or since this one was killed. What cannot be written is said as bad input, for a person chose where; and what is no
/// regular file is never put out of its place by one.
/// </summary>
public static class OutputFile
{
    /// <exception cref="BadInputException">The file cannot be written there; what was there stays.</exception>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <exception cref="BadInputException">The file cannot be written there; what was there stays.</exception>
    public static void Write(string path, byte[] content) => Write(path, stream => stream.Write(content));

    /// <param name="path">
    /// Its folders are made if they are missing. A link is followed; a device or FIFO is written to, and stays what it is.
    /// </param>
    /// <param name="content">Writes what the file is to hold.</param>
    /// <returns>How many bytes that is.</returns>
    /// <exception cref="BadInputException">The file cannot be written there; what was there stays.</exception>
    public static long Write(string path, Action<Stream> content) =>
        Try(path, () => FileTypes.IsSpecial(path) ? WriteThrough(path, content) : Replace(Followed(path), content));

    /// <summary>Refuses to write over what is read, be it under another name.</summary>
    /// <exception cref="BadInputException">The file to write is one of the others.</exception>
    public static void RequireNoneOf(string path, IEnumerable<string> inputs)
    {
        string? canonical = path.Length == 0 ? null : Try(path, () => Canonical(path));
        if (inputs.Any(input => Canonical(input) == canonical))
        {
            throw new BadInputException($"{path}: would be written over, and is read for this");
        }
    }

    /// <summary>The one path of a file, whatever links lead to it.</summary>
    private static string Canonical(string path)
    {
        string full = Path.GetFullPath(path);
        string? folder = Path.GetDirectoryName(full);
        string canonical = folder is null ? full : Path.Combine(Canonical(folder), Path.GetFileName(full));
        return new FileInfo(canonical).LinkTarget is null ? canonical : Canonical(Followed(canonical));
    }

    /// <summary>Of a relative path, ResolveLinkTarget would look for a relative target from the root of all files.</summary>
    private static string Followed(string path) =>
        new FileInfo(path).LinkTarget is null
            ? path
            : File.ResolveLinkTarget(Path.GetFullPath(path), returnFinalTarget: true)!.FullName;

    /// <summary>Whole where that can be had: nothing is written before all of it is there.</summary>
    private static long WriteThrough(string path, Action<Stream> content)
    {
        using var whole = new MemoryStream();
        content(whole);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.Write(whole.GetBuffer(), 0, (int)whole.Length);
        return whole.Length;
    }

    private static long Replace(string path, Action<Stream> content)
    {
        string partial = $"{path}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.partial";
        try
        {
            long bytes;
            using (FileStream stream = File.Create(partial))
            {
                content(stream);
                bytes = stream.Length;
            }
            File.Move(partial, path, overwrite: true);
            return bytes;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>A text file that is written line by line, and can be read meanwhile.</summary>
    /// <returns>Its writer; each line is in the file at once.</returns>
    /// <exception cref="BadInputException">The file cannot be written there.</exception>
    public static StreamWriter Open(string path) => Try(path, () => new StreamWriter(path) { AutoFlush = true });

    private static T Try<T>(string path, Func<T> write)
    {
        if (path.Length == 0)
        {
            throw new BadInputException("the name of a file to write is empty");
        }
        if (Directory.Exists(path))
        {
            throw new BadInputException($"{path}: is a folder, and a file is to be written there");
        }
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (File.Exists(folder))
        {
            throw new BadInputException($"{path}: cannot be written: {folder} is a file, and a folder is needed there");
        }
        try
        {
            Directory.CreateDirectory(folder);
            return write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be written: {exception.Message}");
        }
    }
}
